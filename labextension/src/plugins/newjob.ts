import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import {
  ICommandPalette,
  Notification,
  WidgetTracker
} from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { addIcon, refreshIcon } from '@jupyterlab/ui-components';
import type { JSONObject } from '@lumino/coreutils';

import { NeuroError } from '../api/error';
import { CommandIDs } from '../commands';
import { logoIcon } from '../icons';
import type { IDraft } from '../models/form';
import type { NewJobPanel } from '../panels/newjob';
import { INeuro } from '../tokens';
import type { IJobArgs } from '../tracking';
import { targetId } from '../tracking';

/** Opens the form for a new job. */
export const newJobPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-neuro:new-job',
  description: 'The form for a new job, and its launcher card.',
  autoStart: true,
  requires: [INeuro],
  optional: [ILayoutRestorer, ICommandPalette, ILauncher],
  activate: (
    app: JupyterFrontEnd,
    neuro: INeuro,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null
  ): void => {
    const { commands, shell } = app;
    const { trans } = neuro;
    const tracker = new WidgetTracker<NewJobPanel>({
      namespace: 'neuro-new-job'
    });
    const add = async (draft: IDraft, restored?: string) => {
      const { NewJobPanel } = await import('../panels/newjob');
      const panel = new NewJobPanel({ neuro, commands }, draft, restored);
      panel.changed.connect(() => {
        // a form that is closed says its last word while it goes, and must not be kept for that
        if (!panel.isDisposed && panel.isAttached) {
          void tracker.save(panel);
        }
      });
      void tracker.add(panel);
      shell.add(panel, 'main');
      if (!restored) {
        shell.activateById(panel.id);
      }
    };

    commands.addCommand(CommandIDs.createJob, {
      label: args =>
        args.isLauncher ? trans.__('New job') : trans.__('New Job…'),
      caption: trans.__('Start a job'),
      icon: args => (args.isLauncher ? logoIcon : addIcon),
      isEnabled: () => neuro.session.isReady,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            image: {
              type: 'string',
              description: trans.__('The image to run')
            },
            preset: {
              type: 'string',
              description: trans.__('The size of machine')
            },
            command: {
              type: 'string',
              description: trans.__('The command to run')
            },
            draft: {
              type: 'object',
              description: trans.__('A whole form as it was typed')
            },
            panel: {
              type: 'string',
              description: trans.__('The ID of the form that is restored')
            }
          }
        }
      },
      execute: async args => {
        const draft = args.draft as unknown as IDraft | undefined;
        if (draft) {
          // the Lab restores it, and is not restored itself before this is done: nothing may be waited for
          await add(draft, String(args.panel));
          return;
        }
        await neuro.started;
        const { emptyDraft } = await import('../models/form');
        const { preferences, session } = neuro;
        const empty = emptyDraft(
          session.session,
          preferences.defaultPreset,
          preferences.defaultLifeSpan,
          preferences.defaultShareLevel
        );
        const part: Partial<IDraft> = {};
        for (const key of ['image', 'preset', 'command'] as const) {
          if (typeof args[key] === 'string') {
            part[key] = args[key];
          }
        }
        await add({ ...empty, ...part });
      }
    });
    commands.addCommand(CommandIDs.rerunJob, {
      label: trans.__('Run again…'),
      caption: trans.__('Open the form with what this job was started with'),
      icon: refreshIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            id: { type: 'string', description: trans.__('The ID of the job') }
          }
        }
      },
      isEnabled: args =>
        neuro.session.isReady &&
        targetId(args, test => app.contextMenuHitTest(test)) !== '',
      execute: async args => {
        const id = targetId(args as IJobArgs, test =>
          app.contextMenuHitTest(test)
        );
        try {
          const job = await neuro.client.job(id);
          const { draftOf } = await import('../models/rerun');
          await add(draftOf(job, neuro.session.session));
        } catch (reason) {
          const { message, hint } = NeuroError.from(reason);
          Notification.error([message, hint].filter(Boolean).join(' '));
        }
      }
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.createJob,
      args: panel => ({
        draft: panel.keepable as unknown as JSONObject,
        panel: panel.id
      }),
      name: panel => panel.id
    });
    palette?.addItem({
      command: CommandIDs.createJob,
      category: trans.__('Neuro')
    });
    neuro.session.changed.connect(() =>
      commands.notifyCommandChanged(CommandIDs.createJob)
    );
    void neuro.started.then(() => {
      launcher?.add({
        command: neuro.session.isReady
          ? CommandIDs.createJob
          : CommandIDs.signIn,
        category: trans.__('Neuro'),
        rank: 1,
        args: { isLauncher: true }
      });
    });
  }
};
