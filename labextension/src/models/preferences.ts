import type { ISettingRegistry } from '@jupyterlab/settingregistry';

import type { IPreferences } from '../tokens';

export const DEFAULTS: IPreferences = {
  showStatusBar: true,
  showBadge: true,
  refreshSeconds: 10,
  notifyOn: 'failed-or-long',
  defaultPreset: '',
  defaultLifeSpan: 86_400,
  defaultShareLevel: 'read',
  logTimestamps: true,
  logMaxLines: 50_000
};

/** The settings as the page uses them; the schema has checked them. */
export function preferencesOf(
  settings: ISettingRegistry.ISettings
): IPreferences {
  const chosen = settings.composite as Partial<IPreferences> & {
    defaultLifeSpan?: string;
  };
  return {
    ...DEFAULTS,
    ...chosen,
    defaultLifeSpan: spanSeconds(chosen.defaultLifeSpan ?? '1d')
  };
}

/** `1d`, `12h`, `30m`, or "none": seconds, null = no end. */
export function spanSeconds(word: string): number | null {
  const match = /^(\d+)([dhm])$/.exec(word);
  const size = { d: 86_400, h: 3600, m: 60 };
  return match ? Number(match[1]) * size[match[2] as keyof typeof size] : null;
}
