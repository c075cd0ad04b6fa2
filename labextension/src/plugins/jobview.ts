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

import { NeuroError } from '../api/error';
import { CommandIDs } from '../commands';
import { logsIcon } from '../icons';
import type { JobPanel } from '../panels/job';
import { INeuro } from '../tokens';
import type { IJobArgs } from '../tracking';
import { targetId } from '../tracking';

/** Opens jobs in the main area: one tab a job. */
export const jobViewPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-neuro:job-view',
  description: 'The view of one job: overview and live logs.',
  autoStart: true,
  requires: [INeuro],
  optional: [ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    neuro: INeuro,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null
  ): void => {
    const { commands, shell } = app;
    const { trans } = neuro;
    const tracker = new WidgetTracker<JobPanel>({ namespace: 'neuro-jobs' });
    const describedBy = {
      args: {
        type: 'object',
        properties: {
          id: { type: 'string', description: trans.__('The ID of the job') },
          reference: {
            type: 'string',
            description: trans.__('A name, ID or URI instead')
          },
          tab: {
            type: 'string',
            oneOf: [{ const: 'overview' }, { const: 'logs' }]
          }
        }
      }
    };

    /** The ID a pasted text stands for; null, and a notice, if it is none of a job that may be seen. */
    const resolve = async (reference: string): Promise<string | null> => {
      try {
        return (await neuro.client.job(reference)).id;
      } catch (reason) {
        const { message, hint } = NeuroError.from(reason);
        Notification.warning([message, hint].filter(Boolean).join(' '), {
          autoClose: 8000
        });
        return null;
      }
    };
    const open = async (
      args: IJobArgs & { tab?: 'overview' | 'logs'; restored?: boolean }
    ): Promise<boolean> => {
      const id = args.reference
        ? await resolve(args.reference)
        : targetId(args, test => app.contextMenuHitTest(test));
      if (!id) {
        return false;
      }
      let panel = tracker.find(widget => widget.model.id === id);
      if (!panel) {
        const { JobPanel } = await import('../panels/job');
        panel = new JobPanel({ neuro, commands }, id, args.tab ?? null);
        void tracker.add(panel);
        shell.add(panel, 'main');
      } else if (args.tab) {
        panel.showTab(args.tab);
      }
      if (!args.restored) {
        shell.activateById(panel.id);
      }
      return true;
    };

    commands.addCommand(CommandIDs.openJob, {
      label: trans.__('Open'),
      caption: trans.__('Open this job'),
      describedBy,
      isEnabled: args =>
        Boolean(args.reference) ||
        targetId(args, test => app.contextMenuHitTest(test)) !== '',
      execute: args => open(args)
    });
    commands.addCommand(CommandIDs.showLogs, {
      label: trans.__('Show Logs'),
      caption: trans.__('Open the logs of this job'),
      icon: logsIcon,
      describedBy,
      isEnabled: args =>
        targetId(args, test => app.contextMenuHitTest(test)) !== '',
      execute: args => open({ ...args, tab: 'logs' })
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.openJob,
      args: widget => ({ id: widget.model.id, restored: true }),
      name: widget => widget.model.id,
      when: neuro.started
    });
    palette?.addItem({
      command: CommandIDs.showLogs,
      category: trans.__('Neuro')
    });
  }
};
