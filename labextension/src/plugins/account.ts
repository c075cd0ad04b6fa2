import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';

import { NeuroError } from '../api/error';
import { CommandIDs } from '../commands';
import { cloudIcon, computerIcon } from '../icons';
import { INeuro } from '../tokens';

const NO_ARGS = { args: { type: 'object', properties: {} } } as const;

/** Commands about who and where I am. */
export const accountPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-neuro:account',
  description:
    'Signing in and out, switching platform and project, colleagues.',
  autoStart: true,
  requires: [INeuro],
  optional: [ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    neuro: INeuro,
    palette: ICommandPalette | null
  ): void => {
    const { commands } = app;
    const { trans, session: model } = neuro;
    const kind = () => model.session?.platform?.kind ?? null;
    const ready = () => model.session?.state === 'ready';

    /** Switch, and say what goes on where one was before. */
    const switching = async (act: () => Promise<void>) => {
      const before = neuro.session.key;
      try {
        await act();
      } catch (reason) {
        const { message, hint } = NeuroError.from(reason);
        Notification.error([message, hint].filter(Boolean).join(' '));
        return;
      }
      const { session } = model;
      if (session?.state === 'ready' && before && model.key !== before) {
        Notification.info(
          trans.__(
            'Now showing project %1 on %2.',
            session.project,
            session.platform?.title ?? '–'
          ),
          { autoClose: 5000 }
        );
      }
    };

    commands.addCommand(CommandIDs.addColleague, {
      label: trans.__('Add a Colleague…'),
      caption: trans.__('Let somebody else on this computer sign in here'),
      describedBy: NO_ARGS,
      isVisible: () => Boolean(model.session?.platform?.owner),
      isEnabled: () => Boolean(model.session?.platform?.owner),
      execute: async () => {
        const { colleagueDialog } = await import('../dialogs/colleague');
        await colleagueDialog(neuro);
      }
    });
    commands.addCommand(CommandIDs.signIn, {
      label: () =>
        ready() ? trans.__('Sign in Elsewhere…') : trans.__('Sign in…'),
      caption: trans.__('Sign in with a line, or with an address and a token'),
      describedBy: NO_ARGS,
      execute: async () => {
        const { signInDialog } = await import('../dialogs/signin');
        return signInDialog(neuro);
      }
    });
    commands.addCommand(CommandIDs.signOut, {
      label: trans.__('Sign out'),
      caption: trans.__('Forget the sign-in here; running jobs go on'),
      describedBy: NO_ARGS,
      isVisible: () => ready() && !model.session?.platform?.owner,
      isEnabled: () => ready() && !model.session?.platform?.owner,
      execute: () => switching(() => model.signOut())
    });
    commands.addCommand(CommandIDs.useLocal, {
      label: trans.__('Use This Computer'),
      caption: trans.__('Run jobs on this computer, without an account'),
      icon: computerIcon,
      describedBy: NO_ARGS,
      isToggled: () => ready() && Boolean(model.session?.platform?.owner),
      isVisible: () => model.session?.local_available ?? false,
      isEnabled: () => model.session?.local_available ?? false,
      execute: () => switching(() => model.useLocal())
    });
    commands.addCommand(CommandIDs.useCluster, {
      label: () =>
        trans.__(
          'Use %1',
          model.session?.cluster_login || trans.__('the Cluster')
        ),
      caption: trans.__('Use the sign-in to a cluster that was found here'),
      icon: cloudIcon,
      describedBy: NO_ARGS,
      isToggled: () => ready() && kind() === 'cluster',
      isVisible: () => Boolean(model.session?.cluster_login),
      isEnabled: () => Boolean(model.session?.cluster_login),
      execute: () => switching(() => model.useCluster())
    });
    commands.addCommand(CommandIDs.switchProject, {
      label: args => {
        const { project, role } = args as { project?: string; role?: string };
        return project && role
          ? trans.__('%1 · %2', project, role)
          : (project ?? trans.__('Switch Project…'));
      },
      caption: trans.__('Make another project the current one'),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            project: {
              type: 'string',
              description: trans.__('The name of the project')
            }
          }
        }
      },
      isToggled: args => args.project === model.session?.project,
      execute: args =>
        switching(() => model.switchProject(String(args.project)))
    });
    commands.addCommand(CommandIDs.copySignIn, {
      label: trans.__('Copy Sign-in Command'),
      caption: trans.__(
        'Copy the line that signs the command line in to this platform; the token is asked for there'
      ),
      describedBy: NO_ARGS,
      isVisible: () => ready(),
      isEnabled: () => ready(),
      execute: async () => {
        const { copyText } = await import('../components/clipboard');
        // a kernel asks for the token by itself: it is in no line and in no notebook
        await copyText(`%neuro login ${model.session?.platform?.url ?? ''}`);
        Notification.success(trans.__('Copied.'), { autoClose: 2000 });
      }
    });
    commands.addCommand(CommandIDs.about, {
      label: trans.__('About Neuro'),
      caption: trans.__('Versions of the page and the server part'),
      describedBy: NO_ARGS,
      execute: async () => {
        const { aboutDialog } = await import('../dialogs/about');
        await aboutDialog(neuro);
      }
    });
    model.changed.connect(() => commands.notifyCommandChanged());
    for (const command of [
      CommandIDs.addColleague,
      CommandIDs.signIn,
      CommandIDs.signOut,
      CommandIDs.useLocal,
      CommandIDs.useCluster,
      CommandIDs.copySignIn,
      CommandIDs.about
    ]) {
      palette?.addItem({ command, category: trans.__('Neuro') });
    }
  }
};
