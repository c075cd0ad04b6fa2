import type { TranslationBundle } from '@jupyterlab/translation';

import type { Job } from '../api/wire';
import type { IPreferences } from '../tokens';
import { bytes, duration } from './times';
import { runSeconds, shortId, title } from './words';

/** Seconds from which a run counts as long, so that its success is told. */
const LONG = 120;

/** Whether the end of a job is told at all. */
export function isTold(job: Job, when: IPreferences['notifyOn']): boolean {
  const failed = job.status === 'failed' || job.status === 'lost';
  switch (when) {
    case 'never':
      return false;
    case 'failed':
      return failed;
    case 'all':
      return true;
    default:
      // who killed a job knows it
      return (
        failed || (job.status !== 'cancelled' && runSeconds(job, 0) >= LONG)
      );
  }
}

/** One sentence about the end of a job. */
export function endSentence(
  trans: TranslationBundle,
  job: Job,
  language: string
): string {
  const name = title(job);
  const ran = duration(trans, runSeconds(job, 0));
  if (job.reason === 'OOMKilled') {
    return job.memory
      ? trans.__(
          '%1 ran out of memory (%2).',
          name,
          bytes(job.memory, language)
        )
      : trans.__('%1 ran out of memory.', name);
  }
  switch (job.status) {
    case 'succeeded':
      return trans.__(
        '%1 (%2) succeeded after %3.',
        name,
        shortId(job.id),
        ran
      );
    case 'failed':
      return job.exit_code === null
        ? trans.__('%1 failed: %2', name, job.message || job.reason)
        : trans.__('%1 failed: exit %2, %3.', name, job.exit_code, ran);
    case 'lost':
      return trans.__(
        '%1 was lost: what watched it stopped before its result was written.',
        name
      );
    default:
      return job.reason === 'LifeSpanEnded'
        ? trans.__('%1 was stopped: its life span was over.', name)
        : trans.__('%1 was killed after %2.', name, ran);
  }
}

/** "5 jobs ended: 4 succeeded, 1 failed." */
export function manySentence(trans: TranslationBundle, jobs: Job[]): string {
  const good = jobs.filter(({ status }) => status === 'succeeded').length;
  const bad = jobs.filter(
    ({ status }) => status === 'failed' || status === 'lost'
  ).length;
  return trans.__(
    '%1 jobs ended: %2 succeeded, %3 failed.',
    jobs.length,
    good,
    bad
  );
}
