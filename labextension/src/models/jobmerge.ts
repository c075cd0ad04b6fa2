import type { Job, JobPage, Status } from '../api/wire';

const RANK: Partial<Record<Status, number>> = {
  running: 0,
  suspended: 0,
  pending: 1
};

/** Whether a job in this state may still change by itself. */
export function isActive(status: Status): boolean {
  return status in RANK;
}

/** Each job once, the last one of an ID wins: running, pending, then finished, each newest first. */
export function ordered(jobs: Iterable<Job>): Job[] {
  const byId = new Map<string, Job>();
  for (const job of jobs) {
    byId.set(job.id, job);
  }
  return [...byId.values()].sort(compare);
}

/**
 * The list after its first page came again.
 *
 * Later pages are kept. What the page would have to hold but does not is gone: everything if it is the only page,
 * active jobs if the page reaches into the finished ones.
 */
export function merge(known: readonly Job[], page: JobPage): Job[] {
  if (page.next === null) {
    return ordered(page.items);
  }
  const complete = page.items.some(job => !isActive(job.status));
  const kept = known.filter(job => !(complete && isActive(job.status)));
  return ordered([...kept, ...page.items]);
}

function compare(a: Job, b: Job): number {
  const rank = (RANK[a.status] ?? 2) - (RANK[b.status] ?? 2);
  return rank || order(when(b), when(a)) || order(b.id, a.id);
}

function when(job: Job): string {
  return job.finished_at ?? job.created_at;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
