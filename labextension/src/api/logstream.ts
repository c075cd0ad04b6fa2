import type { ServerConnection } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';

import { completeControl } from './defaults';
import { API } from './request';
import { openSocket } from './socket';
import type { LogControl, Sparse } from './wire';

/** Bytes between two acknowledgements: the server holds back what the page has not read. */
const ACK_EVERY = 256 * 1024;

/** One run through a job's log, from its beginning, over one websocket. */
export class LogStream implements IDisposable {
  constructor(options: LogStream.IOptions) {
    this._options = options;
    const query: Record<string, string> = {};
    if (options.timestamps) {
      query.timestamps = 'true';
    }
    const socket = openSocket(
      options.settings,
      `${API}/jobs/${encodeURIComponent(options.id)}/logs`,
      query
    );
    socket.binaryType = 'arraybuffer';
    socket.onmessage = event => this._onMessage(event.data);
    socket.onclose = () => this._onClose();
    this._socket = socket;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._socket.onmessage = null;
    this._socket.onclose = null;
    this._socket.close();
  }

  private _onMessage(data: unknown): void {
    if (typeof data === 'string') {
      this._onControl(data);
      return;
    }
    const bytes = new Uint8Array(data as ArrayBuffer);
    this._received += bytes.byteLength;
    this._options.onBytes(bytes);
    if (this._received - this._acknowledged >= ACK_EVERY) {
      this._acknowledged = this._received;
      this._socket.send(JSON.stringify({ ack: this._received }));
    }
  }

  private _onControl(text: string): void {
    let control: LogControl;
    try {
      control = completeControl(JSON.parse(text) as Sparse<LogControl>);
    } catch {
      return;
    }
    if (control.type !== 'start') {
      this._finished = true;
    }
    this._options.onControl(control);
  }

  private _onClose(): void {
    if (!this._finished && !this._isDisposed) {
      this._options.onLost();
    }
  }

  private readonly _options: LogStream.IOptions;
  private readonly _socket: WebSocket;
  private _received = 0;
  private _acknowledged = 0;
  private _finished = false;
  private _isDisposed = false;
}

export namespace LogStream {
  export interface IOptions {
    settings: ServerConnection.ISettings;
    /** Job ID. */
    id: string;
    /** Ask for an ISO time before each line. */
    timestamps?: boolean;
    onBytes: (bytes: Uint8Array) => void;
    onControl: (control: LogControl) => void;
    /** The connection broke before the log's end. */
    onLost: () => void;
  }
}
