import type { Limits } from '../devtools/options';
import type { Post } from './http';
import type {
  CrowEvent,
  Facts,
  Lane,
  LaneOptions,
  Options,
  Platform,
  Product,
  Properties,
  Session,
  Spool,
} from '../types';
import type { Store } from './storage';

/** The surroundings of a tracker: a page, an app, a process. */
export interface Host {
  platform: Platform;
  /** Lives on, and is shared by all windows. */
  store: Store;
  /** Lives as long as the window. */
  windowStore: Store;
  /** Whether the person's browser, or what the browser is, forbids to track. */
  isRefused(options: Options): boolean;
  /** What is true of the page now. */
  context(): Properties;
  /** Calls `run` when the page is shown, or the storage has been read. */
  whenReady(run: () => void): void;
  /** Installs listeners; gives what removes them. */
  attach(core: Core): Undo | void;
  request: typeof fetch;
  /** Sends a text from a page that goes, if `fetch` cannot. */
  beacon?: (url: string, text: string) => void;
  /** Whether somebody may be looking. Without it nothing is said of a page that is only open. */
  isSeen?(): boolean;
  /** Removes a database. */
  wipe?(database: string): void;
  /** The tracker was shut down, or could not begin. */
  onShut?(): void;
}

/** Takes back what was done. */
export type Undo = () => void;

/** What a recorder knows of things that were hidden once, and of what was typed. */
export interface Hidden {
  element(element: Element): boolean;
  text(text: string): string;
}

/** What hosts, capturing code and plugins may do. */
export interface Core {
  options: Options;
  /** Adds an event; it passes rate limit, `beforeSend` and consent. */
  capture(type: string, data?: Properties, more?: Partial<CrowEvent>): void;
  /** What is true of the page now, with clean addresses. */
  context(): Properties;
  /** Blanks secrets in a URL. */
  cleanUrl(url: string): string;
  /** Wraps a function so that it never throws into the page. */
  guard<A extends unknown[], R>(run: (...args: A) => R, call?: string): (...args: A) => R;
  on<K extends keyof Facts>(kind: K, listener: (fact: Facts[K]) => void): Undo;
  /** The page may go away; `isFinal` when it does. */
  goAway(isFinal: boolean): void;
  /** The page is back from the back/forward cache. */
  comeBack(): void;
  /** The network is back. */
  wakeUp(): void;
  /** Says that the page is open, unless something was sent a moment ago. */
  beat(): void;
  session(): Session;
  windowId(): string;
  /** Opens a lane of its own, for replay events. */
  openLane(lane: LaneOptions): Lane;
  /** The host's storages. */
  store: Store;
  windowStore: Store;
  /** Something has happened that the recording is to be kept for, before there was a recorder that could be told. */
  isKept?: boolean;
  /** What the server allows a recorder to record of console and requests, as soon as it was asked. */
  limits?: Limits | undefined;
  /** Makes a spool that lies in a store. */
  spool(store: Store, prefix: string): Spool;
  post: Post;
  fail(code: Facts['error']['code'], message: string, cause?: unknown): void;
  /** Filled by a recorder; `text` hides nothing before. `all`: the tracker or the recording shows no text of the page at all. */
  hidden: Partial<Hidden> & Pick<Hidden, 'text'> & { all?: unknown };
  /** What `product()` does; a host may know better. */
  viewProduct(product: Product): void;
}
