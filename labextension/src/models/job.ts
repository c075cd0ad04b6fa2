import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { NeuroClient } from '../api/client';
import { NeuroError } from '../api/error';
import type { Job } from '../api/wire';
import type { EventFeed, NeuroEvent } from './events';
import { isActive } from './jobmerge';

/** One job, kept current by events, or by a Poll while there are none. */
export class JobModel implements IDisposable {
  constructor(options: JobModel.IOptions) {
    this.id = options.id;
    this._client = options.client;
    this._feed = options.feed;
    this._poll = new Poll({
      auto: false,
      name: `jupyter-neuro:job:${options.id}`,
      factory: () => this._fetch(),
      frequency: { interval: 10_000, backoff: true, max: 300_000 },
      standby: () => (this._rests() ? true : 'when-hidden')
    });
    this._feed.received.connect(this._onEvent, this);
    this._feed.liveChanged.connect(this._onLive, this);
    void options.ready.then(() => this.refresh());
    const { interval } = this._poll.frequency;
    void this._poll.schedule({ phase: 'started', interval });
  }

  readonly id: string;

  /** Whether its view is in sight. */
  visible = true;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get job(): Job | null {
    return this._job;
  }

  get error(): NeuroError | null {
    return this._error;
  }

  get loadingSince(): number {
    return this._loadingSince;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._poll.dispose();
    Signal.clearData(this);
  }

  /** Fetch the job. Never rejects: an error is state. */
  async refresh(): Promise<void> {
    try {
      await this._fetch();
    } catch {
      // kept in `error`
    }
  }

  private async _fetch(): Promise<void> {
    try {
      const job = await this._client.job(this.id);
      this._job = job;
      this._error = null;
    } catch (reason) {
      this._error = NeuroError.from(reason);
      throw this._error;
    } finally {
      this._loadingSince = 0;
      if (!this._isDisposed) {
        this._changed.emit();
      }
    }
  }

  private _rests(): boolean {
    const settled =
      this._job !== null && !isActive(this._job.status) && !this._error;
    return (
      !this.visible || settled || (this._feed.isLive && this._error === null)
    );
  }

  private _onEvent(_: EventFeed, event: NeuroEvent): void {
    if (event.kind === 'session' || event.id === this.id) {
      void this.refresh();
    }
  }

  private _onLive(_: EventFeed, live: boolean): void {
    if (live) {
      void this.refresh();
    }
  }

  private readonly _client: NeuroClient;
  private readonly _feed: EventFeed;
  private readonly _poll: Poll;
  private readonly _changed = new Signal<this, void>(this);
  private _job: Job | null = null;
  private _error: NeuroError | null = null;
  private _loadingSince = Date.now();
  private _isDisposed = false;
}

export namespace JobModel {
  export interface IOptions {
    client: NeuroClient;
    feed: EventFeed;
    /** Job ID. */
    id: string;
    /** When there is a platform to ask. */
    ready: Promise<void>;
  }
}
