import { Dialog, showDialog } from '@jupyterlab/apputils';

import type { Job } from '../api/wire';
import { duration, secondsSince } from '../models/times';
import { runSeconds, shortId, title } from '../models/words';
import type { INeuro } from '../tokens';

/** Ask before a job is killed. The default answer is no. */
export async function confirmKill(neuro: INeuro, job: Job): Promise<boolean> {
  const { trans } = neuro;
  const now = Date.now();
  const sentences = [
    job.status === 'pending'
      ? trans.__(
          'Kill %1 (%2)? It has waited %3 and has not started.',
          title(job),
          shortId(job.id),
          duration(trans, secondsSince(job.created_at, now))
        )
      : trans.__(
          'Kill %1 (%2)? It has run %3. Files on mounted storage stay; anything else in the job is lost.',
          title(job),
          shortId(job.id),
          duration(trans, runSeconds(job, now))
        )
  ];
  if (!job.mine) {
    sentences.push(trans.__('It belongs to %1.', job.owner));
  }
  const result = await showDialog({
    title: trans.__('Kill this job?'),
    body: sentences.join(' '),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Kill') })
    ],
    defaultButton: 0
  });
  return result.button.accept;
}
