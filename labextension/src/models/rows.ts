import type { TranslationBundle } from '@jupyterlab/translation';

import type { Job } from '../api/wire';
import { isActive } from './jobmerge';
import { clock, day, duration, isToday, left, secondsSince } from './times';
import {
  ending,
  runSeconds,
  secondsLeft,
  shortId,
  statusWord,
  title,
  waiting
} from './words';

/** One line of the Jobs section: a job, or the heading of a group, or the button for more. */
export type Row =
  | { kind: 'job'; key: string; job: Job; tall: boolean }
  | { kind: 'heading'; key: string; text: string }
  | { kind: 'more'; key: string };

/** Pixels; the list computes positions from them, so the style sheet must agree. */
export const HEIGHT = { tall: 38, flat: 24, heading: 24, more: 32 };

export function heightOf(row: Row): number {
  return row.kind === 'job'
    ? row.tall
      ? HEIGHT.tall
      : HEIGHT.flat
    : HEIGHT[row.kind];
}

/** Rows of a sorted list of jobs, with the headings between the finished ones. */
export function buildRows(
  trans: TranslationBundle,
  jobs: readonly Job[],
  options: { now: number; hasMore: boolean; wide?: boolean }
): Row[] {
  const rows: Row[] = [];
  let group = '';
  for (const job of jobs) {
    const active = isActive(job.status);
    if (!active) {
      const today = isToday(job.finished_at ?? job.created_at, options.now);
      const next = today ? 'today' : 'earlier';
      if (next !== group) {
        group = next;
        const text = today
          ? trans.__('Finished today')
          : trans.__('Finished earlier');
        rows.push({ kind: 'heading', key: `heading-${next}`, text });
      }
    }
    const tall = active && !options.wide;
    rows.push({ kind: 'job', key: job.id, job, tall });
  }
  if (options.hasMore) {
    rows.push({ kind: 'more', key: 'more' });
  }
  return rows;
}

/** The words at the right end of a row. */
export function rightText(
  trans: TranslationBundle,
  job: Job,
  options: { now: number; language: string; stale: boolean }
): string {
  const { now, language, stale } = options;
  if (job.status === 'pending') {
    const waited = duration(trans, secondsSince(job.created_at, now));
    return stale
      ? trans.__('was queued %1', waited)
      : trans.__('queued %1', waited);
  }
  if (isActive(job.status)) {
    const ran = duration(trans, runSeconds(job, now));
    return stale ? trans.__('was %1', ran) : ran;
  }
  const end = job.finished_at;
  const at = end
    ? isToday(end, now)
      ? clock(end, language)
      : day(end, language)
    : '';
  const how = ending(trans, job) || duration(trans, runSeconds(job, now));
  return at ? trans.__('%1 · %2', how, at) : how;
}

/** Parts of the second line (or of the middle of a one-line row), the ID after the first. */
export function secondParts(
  trans: TranslationBundle,
  job: Job,
  now: number
): string[] {
  const parts: string[] = [];
  if (!job.mine) {
    parts.push(job.owner);
  }
  if (isActive(job.status) && job.preset) {
    parts.push(job.preset);
  }
  if (job.name) {
    parts.push(shortId(job.id));
  }
  const urgent = isActive(job.status) ? urgentPart(trans, job, now) : '';
  if (urgent) {
    parts.push(urgent);
  }
  return parts;
}

/** The one thing about an active job that its owner should know first. */
function urgentPart(trans: TranslationBundle, job: Job, now: number): string {
  if (waiting(job)) {
    return waiting(job);
  }
  if (job.image_note) {
    return job.image_note;
  }
  const rest = secondsLeft(job, now);
  if (rest !== null) {
    return trans.__('ends in %1', left(trans, rest));
  }
  return '';
}

/** A row as one sentence for a screen reader. */
export function spokenRow(
  trans: TranslationBundle,
  job: Job,
  options: { now: number; language: string; stale: boolean }
): string {
  const id = shortId(job.id).replace('job-', '').split('').join(' ');
  const parts = [
    title(job),
    statusWord(trans, job.status),
    rightText(trans, job, options),
    job.preset ?? '',
    job.mine ? '' : trans.__('owner %1', job.owner),
    trans.__('job %1', id),
    isActive(job.status) ? urgentPart(trans, job, options.now) : ''
  ];
  return parts.filter(Boolean).join(', ');
}

/** The name cut in its middle if it ends in a part that tells it apart ("sweep-…-0.01"), else as it is. */
export function cutName(name: string, room: number): string {
  if (name.length <= room) {
    return name;
  }
  const tail = /[-_.]([\w.]*\d[\w.]*)$/.exec(name)?.[0] ?? '';
  if (!tail || tail.length > room - 4) {
    return name;
  }
  const head = name.slice(0, room - tail.length - 1).replace(/[-_.]$/, '');
  return `${head}…${tail}`;
}
