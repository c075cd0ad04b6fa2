import type { ServerConnection } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { openSocket } from '../api/socket';
import type { Status } from '../api/wire';

export const JOB_SCHEMA = 'https://schema.jupyter-neuro.org/job/v1';
export const SESSION_SCHEMA = 'https://schema.jupyter-neuro.org/session/v1';

/** A hint that something changed; never a value to show (anybody signed in may post to the bus). */
export type NeuroEvent =
  | { kind: 'job'; action: 'changed' | 'removed'; id: string; status: Status }
  | { kind: 'session'; action: 'switched' | 'offline' | 'online' };

/**
 * Our events from the Jupyter server's bus.
 *
 * The Lab's own event manager does not tell whether it is connected, and nothing is replayed on the bus: whoever
 * reads it must fetch everything again after a gap. So this one owns its socket and says when it is live.
 */
export class EventFeed implements IDisposable {
  constructor(options: EventFeed.IOptions) {
    this._settings = options.settings;
    this._poll = new Poll({
      auto: false,
      name: 'jupyter-neuro:events',
      factory: () => this._listen(),
      frequency: { interval: 1000, backoff: true, max: 300_000 },
      standby: options.standby ?? 'when-hidden'
    });
  }

  /** Emits true when the connection stands, false when it broke. */
  get liveChanged(): ISignal<this, boolean> {
    return this._liveChanged;
  }

  get received(): ISignal<this, NeuroEvent> {
    return this._received;
  }

  get isLive(): boolean {
    return this._isLive;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Begin to listen; does nothing the second time. */
  start(): void {
    if (!this._started) {
      this._started = true;
      void this._poll.start();
    }
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._poll.dispose();
    if (this._socket) {
      this._socket.onclose = null;
      this._socket.onmessage = null;
      this._socket.close();
    }
    Signal.clearData(this);
  }

  /** Resolved when a connection that stood has ended, rejected when none came to stand (so that the Poll backs off). */
  private _listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = openSocket(this._settings, 'api/events/subscribe');
      this._socket = socket;
      socket.onopen = () => this._setLive(true);
      socket.onmessage = message => this._onMessage(message.data);
      socket.onclose = () => {
        const stood = this._isLive;
        this._setLive(false);
        if (stood) {
          resolve();
        } else {
          reject(new Error('no event stream'));
        }
      };
    });
  }

  private _setLive(live: boolean): void {
    if (live !== this._isLive && !this._isDisposed) {
      this._isLive = live;
      this._liveChanged.emit(live);
    }
  }

  private _onMessage(data: unknown): void {
    if (typeof data !== 'string' || this._isDisposed) {
      return;
    }
    let event: Record<string, unknown>;
    try {
      event = JSON.parse(data) as Record<string, unknown>;
    } catch {
      return;
    }
    if (event.schema_id === JOB_SCHEMA && typeof event.id === 'string') {
      this._received.emit({ ...event, kind: 'job' } as NeuroEvent);
    } else if (event.schema_id === SESSION_SCHEMA) {
      this._received.emit({ ...event, kind: 'session' } as NeuroEvent);
    }
  }

  private readonly _settings: ServerConnection.ISettings;
  private readonly _poll: Poll;
  private readonly _liveChanged = new Signal<this, boolean>(this);
  private readonly _received = new Signal<this, NeuroEvent>(this);
  private _socket: WebSocket | null = null;
  private _started = false;
  private _isLive = false;
  private _isDisposed = false;
}

export namespace EventFeed {
  export interface IOptions {
    settings: ServerConnection.ISettings;
    /** When not to reconnect; default: while the page is hidden. */
    standby?: Poll.Standby;
  }
}
