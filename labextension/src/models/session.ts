import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { NeuroClient } from '../api/client';
import { NeuroError } from '../api/error';
import type { Session, SignIn, Sparse } from '../api/wire';
import { fits } from '../version';
import type { EventFeed, NeuroEvent } from './events';

/** Who and where the user is: one object for the whole page. */
export class SessionModel implements IDisposable {
  constructor(options: SessionModel.IOptions) {
    this._client = options.client;
    this._feed = options.feed;
    this._poll = new Poll({
      auto: true,
      name: 'jupyter-neuro:session',
      factory: async () => {
        await this.refresh();
        if (this._error) {
          throw this._error;
        }
      },
      frequency: { interval: 3000, backoff: true, max: 60_000 },
      standby: () => (this._error?.retryable ? 'when-hidden' : true)
    });
    this._feed.received.connect(this._onEvent, this);
    this._feed.liveChanged.connect(this._onLive, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The last answer, or null before the first one. */
  get session(): Session | null {
    return this._session;
  }

  /** Why there is no current answer, or null. */
  get error(): NeuroError | null {
    return this._error;
  }

  /** Milliseconds of the clock at which the call now under way began; 0 if none is. */
  get loadingSince(): number {
    return this._loadingSince;
  }

  /** Milliseconds of the clock at which a failed call is tried again. */
  get nextTry(): number {
    return this._poll.state.timestamp + Math.max(0, this._poll.state.interval);
  }

  get isReady(): boolean {
    return this._session?.state === 'ready' && this.isUsable;
  }

  /** Whether page and server understand each other. */
  get isUsable(): boolean {
    return !this._session || fits(this._session.version);
  }

  /** Changes whenever jobs seen so far belong to another platform, user or project. */
  get key(): string {
    const session = this._session;
    return session?.state === 'ready'
      ? [session.platform?.url, session.user, session.project].join(' ')
      : '';
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._abort?.abort();
    this._poll.dispose();
    Signal.clearData(this);
  }

  /** Ask the server. Never rejects: an error is state. */
  async refresh(): Promise<void> {
    if (this._running) {
      return this._running;
    }
    const abort = new AbortController();
    this._abort = abort;
    this._loadingSince = Date.now();
    this._changed.emit();
    this._running = this._client
      .session(abort.signal)
      .then(
        session => this._set(session, null),
        (reason: unknown) =>
          this._set(
            this._session,
            abort.signal.aborted
              ? NeuroError.cancelled('session')
              : NeuroError.from(reason)
          )
      )
      .finally(() => {
        this._running = null;
      });
    return this._running;
  }

  /** Stop waiting for the call under way. */
  cancel(): void {
    this._abort?.abort();
  }

  // each of these rejects with a NeuroError and leaves the session as it was

  signIn(how: Sparse<SignIn>): Promise<void> {
    return this._act(this._client.signIn(how));
  }

  useLocal(): Promise<void> {
    return this._act(this._client.useLocal());
  }

  useCluster(): Promise<void> {
    return this._act(this._client.useCluster());
  }

  signOut(): Promise<void> {
    return this._act(this._client.signOut());
  }

  switchProject(project: string): Promise<void> {
    return this._act(this._client.switchProject(project));
  }

  private async _act(call: Promise<Session>): Promise<void> {
    this._set(await call, null);
  }

  private _set(session: Session | null, error: NeuroError | null): void {
    if (this._isDisposed) {
      return;
    }
    if (session?.state === 'failed' && this._session?.state === 'ready') {
      // a platform that is away for a while: what is known of it stays on screen, and is asked for again
      error = NeuroError.offline(session.message, session.hint);
      session = this._session;
    }
    this._session = session;
    this._error = error;
    this._loadingSince = 0;
    this._changed.emit();
  }

  private _onEvent(_: EventFeed, event: NeuroEvent): void {
    if (event.kind === 'session') {
      void this.refresh();
    }
  }

  private _onLive(_: EventFeed, live: boolean): void {
    if (live && (this._session || this._error)) {
      void this.refresh();
    }
  }

  private readonly _client: NeuroClient;
  private readonly _feed: EventFeed;
  private readonly _poll: Poll;
  private readonly _changed = new Signal<this, void>(this);
  private _session: Session | null = null;
  private _error: NeuroError | null = null;
  private _loadingSince = 0;
  private _running: Promise<void> | null = null;
  private _abort: AbortController | null = null;
  private _isDisposed = false;
}

export namespace SessionModel {
  export interface IOptions {
    client: NeuroClient;
    feed: EventFeed;
  }
}
