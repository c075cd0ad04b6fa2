import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IRunningSessionManagers } from '@jupyterlab/running';
import type { IRunningSessions } from '@jupyterlab/running';
import { Signal } from '@lumino/signaling';

import type { Job } from '../api/wire';
import { CommandIDs } from '../commands';
import { stateIcons } from '../icons';
import { stateText, title } from '../models/words';
import { INeuro } from '../tokens';

/** My active jobs in the Lab's list of what is running. */
export const runningPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-neuro:running',
  description: 'My pending and running jobs in the Running panel.',
  autoStart: true,
  requires: [INeuro],
  optional: [IRunningSessionManagers],
  activate: (
    app: JupyterFrontEnd,
    neuro: INeuro,
    managers: IRunningSessionManagers | null
  ): void => {
    if (!managers) {
      return;
    }
    const { trans } = neuro;
    const { commands } = app;
    const changed = new Signal<object, void>({});
    neuro.active.changed.connect(() => changed.emit());
    const item = (job: Job): IRunningSessions.IRunningItem => ({
      open: () => void commands.execute(CommandIDs.openJob, { id: job.id }),
      shutdown: () => void commands.execute(CommandIDs.killJob, { id: job.id }),
      icon: () => stateIcons[job.status],
      label: () => title(job),
      detail: () => stateText(trans, job, Date.now()),
      labelTitle: () => job.id
    });
    const added = managers.add({
      name: trans.__('Neuro jobs'),
      supportsMultipleViews: false,
      running: () => neuro.active.jobs.map(item),
      shutdownAll: () => {
        for (const job of neuro.active.jobs) {
          neuro.client.kill(job.id).catch((reason: unknown) => {
            console.error('jupyter-neuro: kill failed', reason);
          });
        }
      },
      refreshRunning: () => void neuro.active.refresh(),
      runningChanged: changed,
      shutdownLabel: trans.__('Kill…'),
      shutdownAllLabel: trans.__('Kill all'),
      shutdownAllConfirmationText: () =>
        trans._n(
          'Kill your %1 running job? Jobs of others are not touched.',
          'Kill your %1 running jobs? Jobs of others are not touched.',
          neuro.active.jobs.length
        )
    });
    void added;
  }
};
