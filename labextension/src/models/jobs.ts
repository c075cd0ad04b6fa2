import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { NeuroClient } from '../api/client';
import { NeuroError } from '../api/error';
import type { Job, JobPage } from '../api/wire';
import type { EventFeed, NeuroEvent } from './events';
import { merge, ordered } from './jobmerge';

/** Events of one burst are answered by one fetch. */
const GATHER_MS = 150;

/**
 * A filtered list of jobs that keeps itself current: an event makes it fetch the first page again (usually "not
 * changed"); a Poll takes over while events or the platform are away, and rests while nobody looks.
 */
export class JobsModel implements IDisposable {
  constructor(options: JobsModel.IOptions) {
    this._client = options.client;
    this._feed = options.feed;
    this._filter = options.filter ?? { owner: 'mine' };
    this._isVisible = options.visible ?? false;
    this._poll = new Poll({
      auto: false,
      name: 'jupyter-neuro:jobs',
      factory: () => this._tick(),
      frequency: { interval: 10_000, backoff: true, max: 300_000 },
      standby: () => (this._rests() ? true : 'when-hidden')
    });
    this._feed.received.connect(this._onEvent, this);
    this._feed.liveChanged.connect(this._onLive, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The jobs loaded so far: running, pending, then finished, each newest first. */
  get jobs(): readonly Job[] {
    return this._jobs;
  }

  /** Counts and time of the last first page; null before it came. */
  get page(): JobPage | null {
    return this._page;
  }

  /** Why the last fetch failed; the list before it is kept. */
  get error(): NeuroError | null {
    return this._error;
  }

  get filter(): NeuroClient.IJobQuery {
    return this._filter;
  }

  get hasMore(): boolean {
    return this._next !== null;
  }

  /** Whether what is shown is no longer known to be true. */
  get isStale(): boolean {
    return this._page !== null && (this._page.stale || this._error !== null);
  }

  /** Milliseconds of the clock since when the list that is wanted has not come; 0 if it is there. */
  get loadingSince(): number {
    return this._loadingSince;
  }

  /** Milliseconds of the clock at which a failed fetch is tried again. */
  get nextTry(): number {
    return this._poll.state.timestamp + Math.max(0, this._poll.state.interval);
  }

  /** Seconds between two fetches while live updates are interrupted. */
  set refreshSeconds(seconds: number) {
    const interval = seconds * 1000;
    this._poll.frequency = { ...this._poll.frequency, interval };
  }

  get refreshSeconds(): number {
    return Math.round(this._poll.frequency.interval / 1000);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    window.clearTimeout(this._gathering);
    this._abort?.abort();
    this._poll.dispose();
    Signal.clearData(this);
  }

  /** Begin (or begin again for another platform, user or project): forgets all jobs. An empty key stops it. */
  reset(key: string): void {
    if (key === this._key) {
      return;
    }
    if (this._key) {
      // whose jobs were shown means nothing for another account
      this._filter = { ...this._filter, owner: 'mine' };
    }
    this._key = key;
    this._forget();
    if (key) {
      void this.refresh();
      const { interval } = this._poll.frequency;
      void this._poll.schedule({ phase: 'started', interval });
    } else {
      void this._poll.stop();
      this._changed.emit();
    }
  }

  /** Whether somebody looks: a hidden list fetches nothing. */
  set visible(visible: boolean) {
    this._isVisible = visible;
    if (visible && this._dirty) {
      void this.refresh();
    }
  }

  setFilter(filter: NeuroClient.IJobQuery): void {
    this._filter = filter;
    this._forget();
    void this.refresh();
  }

  /** Fetch the first page. Never rejects: an error is state. */
  refresh(): Promise<void> {
    return this._fetch().catch(() => undefined);
  }

  /** Stop waiting for the fetch under way. */
  cancel(): void {
    this._abort?.abort();
    this._abort = null;
    this._loadingSince = 0;
    this._error = NeuroError.cancelled('jobs');
    this._changed.emit();
  }

  /** Fetch the next page. */
  async loadMore(): Promise<void> {
    if (this._next === null || this._abort) {
      return;
    }
    const query = { ...this._filter, after: this._next };
    await this._run(async signal => {
      const { page } = await this._client.jobs(query, '', signal);
      if (page) {
        this._jobs = ordered([...this._jobs, ...page.items]);
        this._next = page.next;
      }
    });
  }

  private _forget(): void {
    this._abort?.abort();
    this._abort = null;
    this._jobs = [];
    this._page = null;
    this._next = null;
    this._etag = '';
    this._error = null;
    this._dirty = false;
    this._loadingSince = Date.now();
  }

  private async _tick(): Promise<void> {
    await this._fetch();
    if (this._page?.stale) {
      // lets the Poll wait longer each time
      throw new Error('stale');
    }
  }

  private async _fetch(): Promise<void> {
    if (!this._key || this._isDisposed) {
      return;
    }
    if (this._abort) {
      this._again = true;
      return;
    }
    this._dirty = false;
    await this._run(async signal => {
      const { page, etag } = await this._client.jobs(
        this._filter,
        this._etag,
        signal
      );
      this._etag = etag;
      if (page) {
        const paged = this._page !== null && this._page.next !== this._next;
        this._jobs = merge(this._jobs, page);
        this._page = page;
        this._next = paged ? this._next : page.next;
      }
    });
    if (this._again) {
      this._again = false;
      await this._fetch();
    }
  }

  /** Run one request; a newer filter throws its answer away. */
  private async _run(
    call: (signal: AbortSignal) => Promise<void>
  ): Promise<void> {
    const abort = new AbortController();
    this._abort = abort;
    try {
      await call(abort.signal);
      this._error = null;
    } catch (reason) {
      if (abort.signal.aborted) {
        return;
      }
      this._error = NeuroError.from(reason);
      throw this._error;
    } finally {
      if (this._abort === abort) {
        this._abort = null;
        this._loadingSince = 0;
        if (!this._isDisposed) {
          this._changed.emit();
        }
      }
    }
  }

  private _rests(): boolean {
    const failing =
      (this._error && this._error.code !== 'cancelled') || this._page?.stale;
    return !this._key || !this._isVisible || (this._feed.isLive && !failing);
  }

  private _onEvent(_: EventFeed, event: NeuroEvent): void {
    // a switch comes by the session
    if (event.kind === 'job' || event.action !== 'switched') {
      this._soon();
    }
  }

  private _onLive(_: EventFeed, live: boolean): void {
    if (live) {
      this._soon();
    } else {
      this._changed.emit();
    }
  }

  private _soon(): void {
    if (!this._isVisible) {
      this._dirty = true;
    } else if (this._key) {
      this._gathering ||= window.setTimeout(() => {
        this._gathering = 0;
        this._dirty = true;
        this.visible = this._isVisible;
      }, GATHER_MS);
    }
  }

  private readonly _client: NeuroClient;
  private readonly _feed: EventFeed;
  private readonly _poll: Poll;
  private readonly _changed = new Signal<this, void>(this);
  private _filter: NeuroClient.IJobQuery;
  private _key = '';
  private _jobs: Job[] = [];
  private _page: JobPage | null = null;
  private _next: string | null = null;
  private _etag = '';
  private _error: NeuroError | null = null;
  private _abort: AbortController | null = null;
  private _again = false;
  private _dirty = false;
  private _isVisible: boolean;
  private _gathering = 0;
  private _loadingSince = 0;
  private _isDisposed = false;
}

export namespace JobsModel {
  export interface IOptions {
    client: NeuroClient;
    feed: EventFeed;
    filter?: NeuroClient.IJobQuery;
    /** Whether somebody looks from the start. */
    visible?: boolean;
  }
}
