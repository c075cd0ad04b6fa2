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
 * The ID of the job a command is about: from its arguments, else from what has the focus (a row, or a view of one
 * job), else from what was right-clicked. In this order: a right click moves the focus, but what was right-clicked
 * last is remembered for good, and a key pressed on one row must never reach another job.
 */
export function targetId(
  args: IJobArgs,
  hitTest: (test: (node: HTMLElement) => boolean) => HTMLElement | undefined
): string {
  if (args.id) {
    return args.id;
  }
  const focused = document.activeElement?.closest<HTMLElement>('[data-job-id]');
  if (focused?.dataset.jobId) {
    return focused.dataset.jobId;
  }
  return hitTest(node => node.dataset.jobId !== undefined)?.dataset.jobId ?? '';
}

/** A job that some list already holds, or undefined. */
export function knownJob(neuro: INeuro, id: string): Job | undefined {
  const same = (job: Job) => job.id === id;
  return neuro.list.jobs.find(same) ?? neuro.active.jobs.find(same);
}
