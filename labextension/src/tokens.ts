import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { NeuroClient } from './api/client';
import type { Job, Level } from './api/wire';
import type { EventFeed } from './models/events';
import type { JobsModel } from './models/jobs';
import type { SessionModel } from './models/session';

/** What the user set, as far as the page has a use for it. */
export interface IPreferences {
  showStatusBar: boolean;
  showBadge: boolean;
  refreshSeconds: number;
  notifyOn: 'never' | 'failed' | 'failed-or-long' | 'all';
  defaultPreset: string;
  /** Seconds; null = no end. */
  defaultLifeSpan: number | null;
  defaultShareLevel: Level;
  logTimestamps: boolean;
  logMaxLines: number;
}

/** The page's models, shared by all of its plug-ins. */
export interface INeuro {
  readonly client: NeuroClient;
  readonly feed: EventFeed;
  readonly session: SessionModel;
  /** My pending and running jobs, always current: for the badge, the status bar and the notices. */
  readonly active: JobsModel;
  /** The list of the Jobs section, with its filter. */
  readonly list: JobsModel;
  /** A job of mine has ended. */
  readonly ended: ISignal<unknown, Job>;
  readonly preferences: IPreferences;
  readonly preferencesChanged: ISignal<unknown, void>;
  readonly trans: TranslationBundle;
  /** The Lab's language code. */
  readonly language: string;
  /** Resolved once the session was asked for the first time. */
  readonly started: Promise<void>;
}

export const INeuro = new Token<INeuro>(
  'jupyter-neuro:INeuro',
  'The session, the jobs and the client of the Neuro platform.'
);
