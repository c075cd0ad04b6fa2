import type { ServerConnection } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { NeuroError } from '../api/error';
import { LogStream } from '../api/logstream';
import type { LogControl, Status } from '../api/wire';
import { LogBuffer } from './logbuffer';

/**
 * A job's log: one stream into one bounded buffer.
 *
 * A stream always begins at the log's beginning, so after a lost connection a second buffer fills in the background
 * and replaces the first once it holds as much: what is on screen never jumps.
 */
export class LogModel implements IDisposable {
  constructor(options: LogModel.IOptions) {
    this._options = options;
    this._buffer = this._newBuffer();
    this._poll = new Poll({
      auto: false,
      name: `jupyter-neuro:log:${options.id}`,
      factory: () => this._follow(),
      frequency: { interval: 1000, backoff: true, max: 30_000 },
      standby: 'never'
    });
    void this._poll.start();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get buffer(): LogBuffer {
    return this._buffer;
  }

  get state(): LogModel.State {
    return this._state;
  }

  get error(): NeuroError | null {
    return this._error;
  }

  /** When the connection was lost, or null. */
  get lostAt(): Date | null {
    return this._lostAt;
  }

  /** The job's state at the log's end, or null. */
  get finalStatus(): Status | null {
    return this._finalStatus;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._stream?.dispose();
    this._poll.dispose();
    Signal.clearData(this);
  }

  /** Begin again, for example after an error or when a job was restarted. */
  restart(): void {
    this._stream?.dispose();
    this._buffer = this._newBuffer();
    this._error = null;
    this._state = 'connecting';
    void this._poll.stop();
    void this._poll.start();
    this._changed.emit();
  }

  /** Resolved when the log is over or the connection stood for a while, rejected when it never stood. */
  private _follow(): Promise<void> {
    return new Promise((resolve, reject) => {
      const second = this._buffer.bytes > 0;
      const target = second ? this._newBuffer() : this._buffer;
      let stood = false;
      const show = () => {
        this._buffer = target;
        this._state = 'live';
        this._lostAt = null;
      };
      this._stream = new LogStream({
        settings: this._options.settings,
        id: this._options.id,
        timestamps: this._options.timestamps,
        onBytes: bytes => {
          stood = true;
          target.write(bytes);
          if (target === this._buffer || target.bytes >= this._buffer.bytes) {
            show();
            this._changed.emit();
          }
        },
        onControl: control => {
          stood = true;
          if (control.type !== 'start' || !second) {
            show();
          }
          if (control.type !== 'start') {
            this._end(control);
            resolve();
          }
          this._changed.emit();
        },
        onLost: () => {
          this._state = 'lost';
          this._lostAt ??= new Date();
          this._changed.emit();
          if (stood) {
            resolve();
          } else {
            reject(new Error('no log stream'));
          }
        }
      });
    });
  }

  private _end(control: LogControl): void {
    this._finalStatus = control.status;
    if (control.type === 'error') {
      this._state = 'failed';
      this._error = new NeuroError(control.error ?? {}, {
        method: 'GET',
        path: `jobs/${this._options.id}/logs`,
        status: 0,
        time: new Date()
      });
    } else {
      this._state = 'ended';
    }
    void this._poll.stop();
  }

  private _newBuffer(): LogBuffer {
    return new LogBuffer(this._options.maxLines, this._options.timestamps);
  }

  private readonly _options: LogModel.IOptions;
  private readonly _poll: Poll;
  private readonly _changed = new Signal<this, void>(this);
  private _buffer: LogBuffer;
  private _stream: LogStream | null = null;
  private _state: LogModel.State = 'connecting';
  private _error: NeuroError | null = null;
  private _lostAt: Date | null = null;
  private _finalStatus: Status | null = null;
  private _isDisposed = false;
}

export namespace LogModel {
  export type State = 'connecting' | 'live' | 'lost' | 'ended' | 'failed';

  export interface IOptions {
    settings: ServerConnection.ISettings;
    /** Job ID. */
    id: string;
    maxLines: number;
    timestamps: boolean;
  }
}
