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
import type { Tab } from '../components/jobview';
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
    const add = async (id: string, tab: Tab | null): Promise<JobPanel> => {
      const { JobPanel } = await import('../panels/job');
      const panel = new JobPanel({ neuro, commands }, id, tab);
      void tracker.add(panel);
      shell.add(panel, 'main');
      return panel;
    };
    const open = async (
      args: IJobArgs & { tab?: Tab; restored?: boolean }
    ): Promise<boolean> => {
      const id = args.reference
        ? await resolve(args.reference)
        : targetId(args, test => app.contextMenuHitTest(test));
      if (!id) {
        return false;
      }
      const known = tracker.find(widget => widget.model.id === id);
      const panel = known ?? (await add(id, args.tab ?? null));
      if (known && args.tab) {
        known.showTab(args.tab);
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
      name: widget => widget.model.id
    });
    palette?.addItem({
      command: CommandIDs.showLogs,
      category: trans.__('Neuro')
    });
  }
};
