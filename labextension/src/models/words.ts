import type { TranslationBundle } from '@jupyterlab/translation';

import type { Job, Level, Status, Tier } from '../api/wire';
import { duration, exactDuration, secondsSince, span } from './times';

/** `job-7f2c` of `job-7f2c91d4-…`: enough to tell runs of one name apart by eye. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

/** What a job is called on screen. */
export function title(job: Job): string {
  return job.name || shortId(job.id);
}

export function statusWord(trans: TranslationBundle, status: Status): string {
  switch (status) {
    case 'pending':
      return trans.__('Pending');
    case 'running':
      return trans.__('Running');
    case 'suspended':
      return trans.__('Suspended');
    case 'succeeded':
      return trans.__('Succeeded');
    case 'failed':
      return trans.__('Failed');
    case 'cancelled':
      return trans.__('Killed');
    case 'lost':
      return trans.__('Lost');
    default:
      return trans.__('Unknown');
  }
}

/** Machine words of the platform that have a short word of ours. */
function reasonWord(trans: TranslationBundle, reason: string): string {
  switch (reason) {
    case 'OOMKilled':
      return trans.__('out of memory');
    case 'LifeSpanEnded':
      return trans.__('life span over');
    case 'QuotaExhausted':
    case 'JobNoCredits':
      return trans.__('no credits');
    default:
      return '';
  }
}

/** How a finished job ended, in two or three words: "exit 1", "killed", "out of memory". */
export function ending(trans: TranslationBundle, job: Job): string {
  const word = reasonWord(trans, job.reason);
  if (word && job.status !== 'succeeded') {
    return word;
  }
  switch (job.status) {
    case 'cancelled':
      return trans.__('killed');
    case 'lost':
      return trans.__('lost');
    case 'failed':
      return job.exit_code === null
        ? trans.__('failed')
        : trans.__('exit %1', job.exit_code);
    default:
      return '';
  }
}

/** Seconds a job ran, so far or in all. */
export function runSeconds(job: Job, now: number): number {
  if (!job.started_at) {
    return 0;
  }
  const end = job.finished_at ? Date.parse(job.finished_at) : now;
  return secondsSince(job.started_at, end);
}

/** Seconds until the life span is over, or null if it has no end or the job does not run. */
export function secondsLeft(job: Job, now: number): number | null {
  if (job.life_span === null || job.status !== 'running') {
    return null;
  }
  return Math.max(0, job.life_span - runSeconds(job, now));
}

/** Text of the state chip: "Running 12 min 20 s", "Failed, exit 1", "Pending 40 s: no free GPU". */
export function stateText(
  trans: TranslationBundle,
  job: Job,
  now: number
): string {
  const word = statusWord(trans, job.status);
  if (job.status === 'running') {
    return trans.__('Running %1', exactDuration(trans, runSeconds(job, now)));
  }
  if (job.status === 'pending') {
    const waited = duration(trans, secondsSince(job.created_at, now));
    const why = waiting(job);
    return why
      ? trans.__('Pending %1: %2', waited, why)
      : trans.__('Pending %1', waited);
  }
  if (job.status === 'failed') {
    const how = ending(trans, job);
    return how && how !== trans.__('failed')
      ? trans.__('Failed, %1', how)
      : word;
  }
  if (job.status === 'succeeded') {
    return trans.__(
      'Succeeded after %1',
      duration(trans, runSeconds(job, now))
    );
  }
  return word;
}

/** Why a pending job waits, in the platform's words. */
export function waiting(job: Job): string {
  return job.status === 'pending' ? job.message || job.reason : '';
}

/** What an embedded platform's tier means for the user's files. */
export function tierSentence(trans: TranslationBundle, tier: Tier): string {
  return tier === 'process'
    ? trans.__(
        'Jobs run as your own user on this machine. They are not separated from your files.'
      )
    : trans.__(
        'Jobs run on this machine and see only what you mount into them.'
      );
}

/** What a level on a job allows. */
export function levelSentence(trans: TranslationBundle, level: Level): string {
  switch (level) {
    case 'read':
      return trans.__('status, logs, web page');
    case 'write':
      return trans.__('also terminal, kill, and the files it mounts');
    default:
      return trans.__('also share with others');
  }
}

export function lifeSpanWords(
  trans: TranslationBundle,
  seconds: number | null
): string {
  return seconds === null ? trans.__('no end') : span(trans, seconds);
}
