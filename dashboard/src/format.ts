/** Numbers, durations and times in readable form. */

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat('en');
const regions = new Intl.DisplayNames(['en'], { type: 'region' });

export const count = (value: number): string =>
  Math.abs(value) < 10_000 ? whole.format(Math.round(value)) : compact.format(value);
export const exactCount = (value: number): string => whole.format(value);
/** `1 click`, `2 clicks`. */
export const plural = (value: number, word: string): string => `${count(value)} ${word}${value === 1 ? '' : 's'}`;
export const percent = (share: number, digits = 1): string =>
  `${(share * 100).toFixed(share >= 0.9995 || share === 0 ? 0 : digits)}%`;

/** A duration: `850 ms`, `12 s`, `3 min 20 s`, `1 h 4 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 9_950 && ms % 1000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return join(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  if (seconds < 86_400) return join(Math.floor(seconds / 3600), 'h', Math.floor((seconds % 3600) / 60), 'min');
  return join(Math.floor(seconds / 86_400), 'd', Math.floor((seconds % 86_400) / 3600), 'h');
}

const join = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small ? `${large} ${largeUnit} ${small} ${smallUnit}` : `${large} ${largeUnit}`;

/** A position in a recording: `0:07`, `12:45`, `1:02:45`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = (value: number) => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return h ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 && unit ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Formats are created once per time zone, because creating one is slower than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();
function format(timeZone: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${timeZone} ${name}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', { timeZone, ...options });
  formats.set(key, made);
  return made;
}

export const dateTime = (ms: number, timeZone: string): string =>
  format(timeZone, 'dateTime', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(ms);
export const fullTime = (ms: number, timeZone: string): string =>
  format(timeZone, 'full', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(ms);
export const timeOfDay = (ms: number, timeZone: string): string =>
  format(timeZone, 'time', { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(ms);
export const hourOfDay = (ms: number, timeZone: string): string =>
  format(timeZone, 'hour', { hour: '2-digit', minute: '2-digit' }).format(ms);
export const day = (ms: number, timeZone: string): string =>
  format(timeZone, 'day', { day: 'numeric', month: 'short' }).format(ms);

/** The value of a `datetime-local` field, in the time zone of this computer. */
export const localInput = (ms: number): string =>
  new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** `3 min ago`; beyond a day the date says more. */
export function ago(ms: number, now: number, timeZone: string): string {
  const seconds = Math.round((now - ms) / 1000);
  if (seconds < 10) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return dateTime(ms, timeZone);
}

/** The name of a country of ISO 3166-1 alpha-2; any other text stays as it is. */
export function country(code: string): string {
  try {
    return regions.of(code) ?? code;
  } catch {
    return code;
  }
}

/** The part of an address that differs within a site. */
export function pathOf(url: string): string {
  try {
    const { pathname, search } = new URL(url);
    return pathname + search;
  } catch {
    return url;
  }
}

export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
