import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';

import type { NeuroClient } from '../api/client';

/** Tells the server's poller whether somebody looks at the lists, at once and every 25 s while so. */
export class Attention implements IDisposable {
  constructor(client: NeuroClient) {
    this._client = client;
    this._poll = new Poll({
      auto: false,
      name: 'jupyter-neuro:attention',
      factory: () => this._client.attention(true),
      frequency: { interval: 25_000, backoff: true, max: 300_000 },
      standby: () => (this._visible ? 'when-hidden' : true)
    });
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  set visible(visible: boolean) {
    if (visible === this._visible || this.isDisposed) {
      return;
    }
    this._visible = visible;
    if (visible) {
      void this._poll.start();
    } else {
      void this._poll.stop();
      // a server that does not get this notices by itself after a while
      this._client.attention(false).catch(() => undefined);
    }
  }

  dispose(): void {
    this._poll.dispose();
  }

  private readonly _client: NeuroClient;
  private readonly _poll: Poll;
  private _visible = false;
}
