import type { Job } from './api/wire';
import type { INeuro } from './tokens';

/** Arguments a command about one job may come with; without any it is about the row in question. */
export interface IJobArgs {
  /** Job ID. */
  id?: string;
  /** Name, ID or URI, as typed or pasted. */
  reference?: string;
}

/**
 * The ID of the job a command is about: from its arguments, else from what was right-clicked, else from what has the
 * focus (a row, or a view of one job).
 */
export function targetId(
  args: IJobArgs,
  hitTest: (test: (node: HTMLElement) => boolean) => HTMLElement | undefined
): string {
  if (args.id) {
    return args.id;
  }
  const hit = hitTest(node => node.dataset.jobId !== undefined);
  const focused = document.activeElement?.closest<HTMLElement>('[data-job-id]');
  return hit?.dataset.jobId ?? focused?.dataset.jobId ?? '';
}

/** A job that some list already holds, or undefined. */
export function knownJob(neuro: INeuro, id: string): Job | undefined {
  const same = (job: Job) => job.id === id;
  return neuro.list.jobs.find(same) ?? neuro.active.jobs.find(same);
}
