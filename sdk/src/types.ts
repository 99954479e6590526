import type { Core } from './core/host';

/** Where the SDK runs. */
export type Platform = 'web' | 'react-native' | 'electron';

/** Whether the person has agreed to be tracked. `pending` keeps everything in memory. */
export type Consent = 'granted' | 'pending' | 'denied';

/** Plain JSON data. */
export type Properties = Record<string, unknown>;

/** One interaction, as it is sent. */
export interface CrowEvent {
  /** UUIDv7; the server counts an id once. */
  id: string;
  /** A lower-case word: `pageview`, `click`, `custom`, … */
  type: string;
  /** The name of a custom event. */
  name?: string;
  /** Milliseconds since the epoch, by the device's clock. */
  timestamp: number;
  /** Where it happened, without secrets. */
  url?: string;
  data: Properties;
}

/** A product that the person looks at. */
export interface Product extends Properties {
  id: string;
  name?: string;
}

/** What is captured without a call. All on by default, on platforms that have a DOM. */
export interface AutoTrack {
  pageviews?: boolean;
  clicks?: boolean;
  forms?: boolean;
  scroll?: boolean;
  products?: boolean;
  performance?: boolean;
  errors?: boolean;
}

/** Why events were not stored. Reported to the server as an event of type `client_report`; for replay events with `replay_` before it. */
export type DropReason =
  | 'rate_limit'
  | 'queue_full'
  | 'storage_full'
  | 'too_large'
  | 'invalid'
  | 'before_send'
  | 'rejected';

/** Something went wrong; the page is not disturbed by it. */
export interface CrowError {
  code: 'invalid_option' | 'invalid_call' | 'unauthorized' | 'rejected' | 'dropped' | 'internal';
  message: string;
  cause?: unknown;
}

/** A session of the person, shared by all tabs. */
export interface Session {
  id: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
}

/** What the server says about a batch. */
export interface Receipt {
  batchId?: string;
  accepted?: number;
  rejected?: { lane?: string; index: number; code: string; message: string }[];
  /** The server lost its base for this window's replay. */
  needSnapshot?: boolean;
  /** The numbers of this window are known for other batches: it goes on as another window. */
  newWindow?: boolean;
  /** Fields that were cut or left out; their events are kept. */
  ignored?: { field: string; code: string; message: string }[];
  sessionId?: string;
  /** The session is over, by another client or because it was too long: what follows belongs to another. */
  sessionEnded?: boolean;
  /** Somebody watches the session live. */
  watched?: boolean;
  /** The organization does not record this session: its replay was not stored. */
  notRecorded?: boolean;
  /** Pictures and fonts that the server would like to have. */
  wantAssets?: string[];
}

/** Facts that `on` can listen to. */
export interface Facts {
  error: CrowError;
  session: Session;
  receipt: Receipt;
  /** A recording that waits for an error has a reason to be kept. */
  keep: true;
  /** The page may go away (false), or does (true). */
  suspend: boolean;
}

/** Extends the tracker. */
export interface Plugin {
  name: string;
  /** Called when tracking begins. Returns what undoes it. */
  setup(core: Core): void | (() => void);
}

/** How a lane differs from the lane of events. */
export interface LaneOptions {
  /** The field of the batch that its items go into. */
  field: 'events' | 'replay';
  /** Items in a batch. */
  maxItems: number;
  /** Items and characters that wait at most; beyond, the oldest go. */
  maxQueueItems: number;
  maxQueueChars: number;
  /** Items that are sent without waiting `flushAfterMs`. */
  flushAt: number;
  /** Milliseconds that an item waits for others; read anew for each wait. */
  flushAfterMs: number;
  /** Milliseconds after which what waits is written down. */
  saveAfterMs: number;
  /** Where undelivered batches wait for the next page. */
  spool: Spool;
  /** What else a batch says, asked for when the batch is made. */
  more?(): object | undefined;
  /** Items of this lane were lost. */
  onLost?(): void;
}

/** A queue of JSON texts on their way to the server. */
export interface Lane {
  add(json: string): void;
  flush(): Promise<void>;
}

/** Keeps undelivered batches for the next page. */
export interface Spool {
  /** Replaces what this page has kept. False when it could not be kept. `isFinal`: the page goes, and nothing that takes time will finish. */
  save(pageId: string, content: string | null, isFinal?: boolean): boolean;
  /** Takes what pages that are gone have left. */
  takeOver(pageId: string, take: (content: string) => boolean): void;
  /** Removes what all pages have kept, where that is not in the store. */
  wipe?(): void;
}

/** Settings of the recorder; see `@crow/tracking-sdk/replay`. */
export interface ReplayLoader {
  /** Loads the recorder when it is needed: `() => import('@crow/tracking-sdk/replay')`. */
  load: () => Promise<{ replay: (options?: any) => Plugin }>;
  /** Passed to the recorder. */
  options?: Properties;
}

/** Settings of a tracker. */
export interface Options {
  /** A key with scope `ingest`. */
  apiKey: string;
  /** Base URL of the CROW gateway. */
  endpoint: string;
  /** Default: `web`. */
  platform?: Platform;
  /** Prefix of the gateway's routes, when a proxy serves them elsewhere. Default: empty. */
  pathPrefix?: string;
  /** Default: `granted`. When it is given, the server stores it with the session. */
  consent?: Consent;
  /** Version of what people consent to, such as the date of the privacy policy; stored with the session. */
  consentVersion?: string;
  /** Version of your app, such as a tag or a commit; each event names it as `release`. Errors are grouped with it. */
  release?: string;
  /** Global Privacy Control and Do Not Track count as "denied". Default: true. */
  respectDoNotTrack?: boolean;
  /** Share of sessions that are tracked, 0 to 1. Default: 1. */
  sampleRate?: number;
  /** Track automated browsers, too; for tests. Default: false. */
  allowBots?: boolean;
  autoTrack?: boolean | AutoTrack;
  /** Leave out all text of the page. Default: false. */
  maskAllText?: boolean;
  /** Query parameters to blank in URLs, besides those that look like secrets. */
  stripParams?: string[];
  /** Sees every event before it is queued; returns it, changed or not, or null to drop it. */
  beforeSend?: (event: CrowEvent) => CrowEvent | null;
  /** Session replay. Off unless set. */
  replay?: ReplayLoader;
  /** Prefix of storage keys. Default: `crow`. */
  storageKey?: string;
  /** Events before a batch is sent. Default: 20. */
  flushAt?: number;
  /** Milliseconds before a batch is sent. Default: 5000. */
  flushAfterMs?: number;
  /** Logs what the SDK does to the console. Default: false. */
  debug?: boolean;
}

/** Names of custom events and their properties. */
export type EventMap = object;
