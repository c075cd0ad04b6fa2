import { UUID } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { NeuroClient } from '../api/client';
import { NeuroError } from '../api/error';
import type { Job, JobSubmit } from '../api/wire';

/** Waits in milliseconds between two looks for a job whose start was not answered: about 30 s in all. */
const LOOKS = [1000, 2000, 4000, 8000, 15_000];

/**
 * Sends one form, once.
 *
 * All tries of a form carry one tag, and a tag starts at most one job: a double click, a repeated try and a lost
 * answer give one job.
 */
export class Submission {
  constructor(
    private readonly _client: NeuroClient,
    private readonly _looks: readonly number[] = LOOKS
  ) {}

  readonly tag = UUID.uuid4();

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** `looking`: it was sent, and whether it arrived is not known yet. */
  get state(): 'idle' | 'sending' | 'looking' {
    return this._state;
  }

  /** Why the last try failed, or null. */
  get error(): NeuroError | null {
    return this._error;
  }

  /** Whether the last try may have started a job all the same. */
  get isUnknown(): boolean {
    return this._error !== null && unanswered(this._error);
  }

  /** Start the job. While a try runs, another call gets that one's result. @returns The job, or null on an error. */
  send(job: JobSubmit): Promise<Job | null> {
    this._running ??= this._send(job).finally(() => {
      this._running = null;
      this._set('idle', this._error);
    });
    return this._running;
  }

  private async _send(job: JobSubmit): Promise<Job | null> {
    this._set('sending', null);
    for (const wait of [0, ...this._looks]) {
      if (wait) {
        await new Promise(resolve => window.setTimeout(resolve, wait));
      }
      try {
        const started = await this._client.submit(job);
        this._error = null;
        return started;
      } catch (reason) {
        const error = NeuroError.from(reason);
        this._set('looking', error);
        if (!unanswered(error)) {
          return null;
        }
      }
    }
    return null;
  }

  private _set(state: Submission['state'], error: NeuroError | null): void {
    this._state = state;
    this._error = error;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _state: 'idle' | 'sending' | 'looking' = 'idle';
  private _error: NeuroError | null = null;
  private _running: Promise<Job | null> | null = null;
}

/** Sent, but no answer came: nothing is known about the job. */
function unanswered(error: NeuroError): boolean {
  return (
    error.code === 'unknown-outcome' || error.code === 'server-unreachable'
  );
}
