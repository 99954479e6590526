import { choice, useChoice } from './store';

export type Theme = 'system' | 'light' | 'dark';

export const theme = choice<Theme>('theme', 'system');
/** IANA name, or empty for the browser's own. */
export const timeZone = choice<string>('timeZone', '');

const own = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** The IANA time zone in which times are shown. */
export function useTimeZone(): string {
  return useChoice(timeZone)[0] || own;
}

export const ownTimeZone = own;

/** Shows the theme that was chosen; returns nothing to undo, since it holds for the whole page. */
export function applyTheme(chosen: Theme): void {
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
