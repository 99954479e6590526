import type { Core, Undo } from '../core/host';

/** What the code that captures a page works with. */
export interface Page extends Core {
  /** Listens as long as the page is captured; what `run` throws is told, not thrown. */
  listen(types: string, run: (event: any) => void): void;
  /** Run when capturing stops. */
  undo: Undo[];
}
