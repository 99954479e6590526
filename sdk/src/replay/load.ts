/** The file of `late.ts`; empty where a bundler loads it. */
declare const CROW_LATE_FILE: string;

export type Late = typeof import('./late');

/** Loads what few pages need. `folder`: the address of the script files, where there are any. */
export function loadLate(folder?: string): Promise<Late> {
  if (!CROW_LATE_FILE) return import('./late');
  return import(String(new URL(CROW_LATE_FILE, folder))).then(() => (globalThis as any).CROWReplay.late);
}
