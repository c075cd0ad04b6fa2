import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { PromiseDelegate } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { NeuroClient } from '../api/client';
import type { Job } from '../api/wire';
import type { INeuro, IPreferences } from '../tokens';
import { Endings } from './endings';
import { EventFeed } from './events';
import { JobsModel } from './jobs';
import { DEFAULTS } from './preferences';
import { SessionModel } from './session';

/** The page's models, wired: a change of platform, user or project empties every list. */
export class Neuro implements INeuro, IDisposable {
  constructor(options: Neuro.IOptions) {
    this.trans = options.trans;
    this.language = options.language;
    this.client = new NeuroClient(options.settings);
    this.feed = new EventFeed({ settings: options.settings });
    const { client, feed } = this;
    this.session = new SessionModel({ client, feed });
    this.active = new JobsModel({
      client,
      feed,
      filter: { owner: 'mine', statuses: ['running', 'pending', 'suspended'] },
      visible: true
    });
    this.list = new JobsModel({ client, feed });
    this._endings = new Endings({ client, active: this.active });
    this.session.changed.connect(this._onSession, this);
  }

  readonly trans: TranslationBundle;
  readonly language: string;
  readonly client: NeuroClient;
  readonly feed: EventFeed;
  readonly session: SessionModel;
  readonly active: JobsModel;
  readonly list: JobsModel;

  get ended(): ISignal<unknown, Job> {
    return this._endings.ended;
  }

  get preferences(): IPreferences {
    return this._preferences;
  }

  set preferences(preferences: IPreferences) {
    this._preferences = preferences;
    this.list.refreshSeconds = preferences.refreshSeconds;
    this.active.refreshSeconds = preferences.refreshSeconds;
    this._preferencesChanged.emit();
  }

  get preferencesChanged(): ISignal<unknown, void> {
    return this._preferencesChanged;
  }

  get started(): Promise<void> {
    return this._started.promise;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Connect: ask who and where I am, and listen. */
  async start(): Promise<void> {
    await this.session.refresh();
    if (this.session.session) {
      this.feed.start();
    }
    this._started.resolve();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._endings.dispose();
    this.list.dispose();
    this.active.dispose();
    this.session.dispose();
    this.feed.dispose();
    Signal.clearData(this);
  }

  private _onSession(): void {
    const { key, loadingSince } = this.session;
    if (loadingSince && this.session.session) {
      return; // asked again: nothing is known to have changed yet
    }
    if (key !== this._key) {
      this._key = key;
      this._endings.reset();
      this.active.reset(key);
      this.list.reset(key);
      this.feed.start();
    }
  }

  private readonly _endings: Endings;
  private readonly _preferencesChanged = new Signal<this, void>(this);
  private readonly _started = new PromiseDelegate<void>();
  private _preferences: IPreferences = DEFAULTS;
  private _key = '';
  private _isDisposed = false;
}

export namespace Neuro {
  export interface IOptions {
    settings: ServerConnection.ISettings;
    trans: TranslationBundle;
    language: string;
  }
}
