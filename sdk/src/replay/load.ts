/** The files of `late.ts` and of `devtools`; empty where a bundler loads them. */
declare const CROW_LATE_FILE: string;
declare const CROW_DEVTOOLS_FILE: string;

export type Late = typeof import('./late');
type Devtools = typeof import('../devtools/watch');

/** Loads what few pages need. `folder`: the address of the script files, where there are any. */
export function loadLate(folder?: string): Promise<Late> {
  if (!CROW_LATE_FILE) return import('./late');
  return import(String(new URL(CROW_LATE_FILE, folder))).then(() => (globalThis as any).CROWReplay.late);
}

/** Loads what records console and network. */
export function loadDevtools(folder: string): Promise<Devtools> {
  if (!CROW_DEVTOOLS_FILE) return import('../devtools/watch');
  return import(String(new URL(CROW_DEVTOOLS_FILE, folder))).then(() => (globalThis as any).CROWReplay.devtools);
}
