import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { copyIcon, refreshIcon, stopIcon } from '@jupyterlab/ui-components';

import { NeuroError } from '../api/error';
import type { Job } from '../api/wire';
import { CommandIDs } from '../commands';
import { isActive } from '../models/jobmerge';
import { INeuro } from '../tokens';
import type { IJobArgs } from '../tracking';
import { knownJob, targetId } from '../tracking';

/** Commands about one job, from a row, a menu, a key or another plug-in. */
export const jobsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-neuro:jobs',
  description: 'What can be done with a job: kill, copy its ID, insert it.',
  autoStart: true,
  requires: [INeuro],
  optional: [ICommandPalette, INotebookTracker],
  activate: (
    app: JupyterFrontEnd,
    neuro: INeuro,
    palette: ICommandPalette | null,
    notebooks: INotebookTracker | null
  ): void => {
    const { commands } = app;
    const { client, trans } = neuro;
    const describedBy = {
      args: {
        type: 'object',
        properties: {
          id: { type: 'string', description: trans.__('The ID of the job') }
        }
      }
    };
    const idOf = (args: object) =>
      targetId(args as IJobArgs, test => app.contextMenuHitTest(test));
    const jobOf = (args: object): Job | undefined =>
      knownJob(neuro, idOf(args));
    const has = (args: object) => idOf(args) !== '';

    commands.addCommand(CommandIDs.killJob, {
      label: trans.__('Kill…'),
      caption: trans.__('Stop this job'),
      icon: stopIcon,
      describedBy,
      isEnabled: has,
      isVisible: args => {
        const job = jobOf(args);
        return !job || (isActive(job.status) && job.access !== 'read');
      },
      execute: async args => {
        const id = idOf(args);
        try {
          const job = knownJob(neuro, id) ?? (await client.job(id));
          if (!isActive(job.status)) {
            Notification.info(
              trans.__('%1 has ended already.', job.name ?? job.id),
              {
                autoClose: 5000
              }
            );
            return;
          }
          const { confirmKill } = await import('../dialogs/kill');
          if (await confirmKill(neuro, job)) {
            await client.kill(job.id);
            await Promise.all([neuro.list.refresh(), neuro.active.refresh()]);
          }
        } catch (reason) {
          const { message, hint, code } = NeuroError.from(reason);
          Notification.error(
            code === 'offline' || code === 'server-unreachable'
              ? trans.__(
                  'Not sent: the platform cannot be reached. Nothing was changed.'
                )
              : [message, hint].filter(Boolean).join(' ')
          );
        }
      }
    });
    commands.addCommand(CommandIDs.copyId, {
      label: trans.__('Copy ID'),
      caption: trans.__('Copy the ID of this job'),
      icon: copyIcon,
      describedBy,
      isEnabled: has,
      execute: async args => {
        const { copyText } = await import('../components/clipboard');
        await copyText(idOf(args));
      }
    });
    commands.addCommand(CommandIDs.copyUri, {
      label: trans.__('Copy Full URI'),
      caption: trans.__('Copy the address under which others find this job'),
      icon: copyIcon,
      describedBy,
      isEnabled: has,
      execute: async args => {
        const { copyText } = await import('../components/clipboard');
        const id = idOf(args);
        const job = knownJob(neuro, id) ?? (await client.job(id));
        await copyText(job.uri);
      }
    });
    commands.addCommand(CommandIDs.copyLine, {
      label: trans.__('Copy %neuro Line'),
      caption: trans.__('Copy the line that starts such a job in a cell'),
      icon: copyIcon,
      describedBy,
      isEnabled: has,
      execute: async args => {
        const { copyText } = await import('../components/clipboard');
        const { lineOf } = await import('../models/rerun');
        const job = await client.job(idOf(args));
        await copyText(lineOf(job, neuro.session.session));
      }
    });
    commands.addCommand(CommandIDs.insertCode, {
      label: trans.__('Insert into Notebook'),
      caption: trans.__('Put a line about this job into the open notebook'),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            id: { type: 'string', description: trans.__('The ID of the job') },
            code: {
              type: 'string',
              description: trans.__('The line to insert instead')
            }
          }
        }
      },
      isEnabled: args =>
        Boolean(notebooks?.currentWidget) && (has(args) || Boolean(args.code)),
      isVisible: () => notebooks !== null,
      execute: async args => {
        const panel = notebooks?.currentWidget;
        if (!panel) {
          return;
        }
        const { insertLine } = await import('../models/insert');
        const line = args.code
          ? String(args.code)
          : `job = %neuro status ${idOf(args)}`;
        const { packageMissing } = await insertLine(panel, line);
        app.shell.activateById(panel.id);
        if (packageMissing) {
          Notification.warning(
            trans.__(
              'The line was inserted, but the kernel of %1 has no jupyter_neuro: run %pip install jupyter_neuro there.',
              panel.title.label
            )
          );
        }
      }
    });
    commands.addCommand(CommandIDs.refreshAll, {
      label: trans.__('Refresh'),
      caption: trans.__('Ask the platform again'),
      icon: refreshIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () =>
        Promise.all([
          neuro.session.refresh(),
          neuro.list.refresh(),
          neuro.active.refresh()
        ])
    });
    notebooks?.currentChanged.connect(() =>
      commands.notifyCommandChanged(CommandIDs.insertCode)
    );
    palette?.addItem({
      command: CommandIDs.refreshAll,
      category: trans.__('Neuro')
    });
    palette?.addItem({
      command: CommandIDs.showPanel,
      category: trans.__('Neuro')
    });
  }
};
