import type { TranslationBundle } from '@jupyterlab/translation';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Seconds from an ISO time to `now` (milliseconds of the clock), never negative; 0 if there is no time. */
export function secondsSince(iso: string | null, now: number): number {
  const then = iso ? Date.parse(iso) : NaN;
  return Number.isNaN(then) ? 0 : Math.max(0, Math.floor((now - then) / 1000));
}

/** "40 s", "12 min", "3 h 04 min", "2 d 3 h": coarse, for rows. */
export function duration(trans: TranslationBundle, seconds: number): string {
  if (seconds < MINUTE) {
    return trans.__('%1 s', Math.floor(seconds));
  }
  if (seconds < HOUR) {
    return trans.__('%1 min', Math.floor(seconds / MINUTE));
  }
  if (seconds < 2 * DAY) {
    const minutes = String(Math.floor((seconds % HOUR) / MINUTE));
    const hours = Math.floor(seconds / HOUR);
    return trans.__('%1 h %2 min', hours, minutes.padStart(2, '0'));
  }
  const days = Math.floor(seconds / DAY);
  return trans.__('%1 d %2 h', days, Math.floor((seconds % DAY) / HOUR));
}

/** "12 min 20 s": with seconds below an hour, for the state chip. */
export function exactDuration(
  trans: TranslationBundle,
  seconds: number
): string {
  if (seconds < MINUTE || seconds >= HOUR) {
    return duration(trans, seconds);
  }
  const minutes = Math.floor(seconds / MINUTE);
  return trans.__('%1 min %2 s', minutes, Math.floor(seconds % MINUTE));
}

/** A span that is a round number of one unit: "1 day", "6 hours". */
export function span(trans: TranslationBundle, seconds: number): string {
  if (seconds % DAY === 0) {
    return trans._n('%1 day', '%1 days', seconds / DAY);
  }
  if (seconds % HOUR === 0) {
    return trans._n('%1 hour', '%1 hours', seconds / HOUR);
  }
  return duration(trans, seconds);
}

/** "23 h", "2 d": what is left, in its largest unit. */
export function left(trans: TranslationBundle, seconds: number): string {
  if (seconds >= 2 * DAY) {
    return trans.__('%1 d', Math.floor(seconds / DAY));
  }
  if (seconds >= HOUR) {
    return trans.__('%1 h', Math.floor(seconds / HOUR));
  }
  return duration(trans, seconds);
}

/** Time of day in the Lab's language, "18:42". */
export function clock(
  iso: string | null,
  language: string,
  seconds = false
): string {
  const date = iso ? new Date(iso) : null;
  if (!date || Number.isNaN(date.valueOf())) {
    return '–';
  }
  return new Intl.DateTimeFormat(tag(language), {
    hour: '2-digit',
    minute: '2-digit',
    second: seconds ? '2-digit' : undefined,
    hourCycle: 'h23'
  }).format(date);
}

/** Day and time of day, "21 Nov, 18:42"; the time alone if it is today. */
export function moment(
  iso: string | null,
  language: string,
  now: number
): string {
  if (!iso || isToday(iso, now)) {
    return clock(iso, language);
  }
  return new Intl.DateTimeFormat(tag(language), {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23'
  }).format(new Date(iso));
}

/** The day alone, "21 Nov". */
export function day(iso: string, language: string): string {
  return new Intl.DateTimeFormat(tag(language), {
    day: 'numeric',
    month: 'short'
  }).format(new Date(iso));
}

export function isToday(iso: string, now: number): boolean {
  return new Date(iso).toDateString() === new Date(now).toDateString();
}

/** "14 KB", "8 GB": decimal units, as the platform counts. */
export function bytes(count: number, language: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) {
    count /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(tag(language), {
    style: 'unit',
    unit: units[unit],
    unitDisplay: 'short',
    maximumFractionDigits: count < 10 && unit > 1 ? 1 : 0
  }).format(count);
}

export function number(value: number, language: string): string {
  return new Intl.NumberFormat(tag(language), {
    maximumFractionDigits: 2
  }).format(value);
}

/** The Lab's language code ("ru_RU") as a BCP 47 tag; English where it is none ("default"). */
function tag(language: string): string {
  const candidate = language.replace(/_/g, '-');
  try {
    return Intl.getCanonicalLocales(candidate)[0] && candidate !== 'default'
      ? candidate
      : 'en';
  } catch {
    return 'en';
  }
}
