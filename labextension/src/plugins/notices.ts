import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';

import type { Job } from '../api/wire';
import { CommandIDs } from '../commands';
import { INeuro } from '../tokens';

/** Milliseconds in which ends are gathered into one notice. */
const GATHER = 1500;
/** Ends that are told one by one; more become one sentence. */
const FEW = 3;
/** Milliseconds a notice of a success stays. */
const SHORT = 8000;

/** Says that a job has ended, once the platform has confirmed it. */
export const noticesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-neuro:notices',
  description: 'Notices about jobs that have ended.',
  autoStart: true,
  requires: [INeuro],
  activate: (app: JupyterFrontEnd, neuro: INeuro): void => {
    const { commands } = app;
    const { trans, language } = neuro;
    let gathered: Job[] = [];
    let timer = 0;

    const action = (label: string, command: string, id?: string) => ({
      label,
      callback: () => void commands.execute(command, id ? { id } : {})
    });
    const tellOne = (job: Job, sentence: string) => {
      const failed = job.status !== 'succeeded';
      const actions = [action(trans.__('Open'), CommandIDs.openJob, job.id)];
      if (failed) {
        actions.push(
          action(trans.__('Logs'), CommandIDs.showLogs, job.id),
          action(trans.__('Run again…'), CommandIDs.rerunJob, job.id)
        );
      }
      Notification.emit(
        sentence.slice(0, 140),
        job.status === 'succeeded'
          ? 'success'
          : job.status === 'cancelled'
            ? 'info'
            : 'error',
        { actions, autoClose: failed ? false : SHORT }
      );
    };
    const tell = async () => {
      const ended = gathered;
      gathered = [];
      timer = 0;
      const { endSentence, isTold, manySentence } =
        await import('../models/notices');
      const jobs = ended.filter(job => isTold(job, neuro.preferences.notifyOn));
      if (jobs.length <= FEW) {
        jobs.forEach(job => tellOne(job, endSentence(trans, job, language)));
      } else {
        Notification.info(manySentence(trans, jobs), {
          actions: [action(trans.__('Show'), CommandIDs.showPanel)],
          autoClose: SHORT
        });
      }
    };
    neuro.ended.connect((_, job) => {
      gathered.push(job);
      timer ||= window.setTimeout(() => void tell(), GATHER);
    });
  }
};
