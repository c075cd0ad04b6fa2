import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { NeuroClient } from '../api/client';
import type { Job } from '../api/wire';
import { isActive } from './jobmerge';
import type { JobsModel } from './jobs';

/**
 * Tells when a job of mine has ended: it was among the active ones and is no more.
 *
 * Built on the list, not on events: an event may be missed, and anybody may post one.
 */
export class Endings implements IDisposable {
  constructor(options: { client: NeuroClient; active: JobsModel }) {
    this._client = options.client;
    this._active = options.active;
    this._active.changed.connect(this._onChanged, this);
  }

  get ended(): ISignal<this, Job> {
    return this._ended;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  /** Forget what was active, for example because it was another platform's. */
  reset(): void {
    this._known = null;
  }

  private _onChanged(): void {
    if (!this._active.page || this._active.isStale) {
      return;
    }
    const jobs = this._active.jobs.filter(job => isActive(job.status));
    const now = new Set(jobs.map(({ id }) => id));
    const before = this._known;
    this._known = now;
    for (const id of before ?? []) {
      if (!now.has(id)) {
        void this._tell(id);
      }
    }
  }

  private async _tell(id: string): Promise<void> {
    let job: Job;
    try {
      job = await this._client.job(id);
    } catch {
      return; // it cannot be said how it ended, so nothing is said
    }
    if (!isActive(job.status) && !this._isDisposed) {
      this._ended.emit(job);
    }
  }

  private readonly _client: NeuroClient;
  private readonly _active: JobsModel;
  private readonly _ended = new Signal<this, Job>(this);
  private _known: Set<string> | null = null;
  private _isDisposed = false;
}
