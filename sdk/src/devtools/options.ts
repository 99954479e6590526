/** What is recorded of a page beside what it shows. Headers and bodies only where they are named. */
export interface DevtoolsOptions {
  /** Which calls of the console are recorded; `true`: all. Default: `error`, `warn` and `assert`, and what nobody catches. */
  console?: boolean | ConsoleLevel[];
  /** Requests, without the values of query parameters. Default: true. */
  network?: boolean | NetworkOptions;
  /** Long tasks, and the memory of the page where the browser tells. Default: true. */
  performance?: boolean;
}

/** A call of the console. */
export type ConsoleLevel = (typeof LEVELS)[number];

export const LEVELS = ['error', 'warn', 'assert', 'debug', 'info', 'log', 'trace', 'dir', 'table'] as const;
/** So many of the first are recorded by default. */
export const DEFAULT_LEVELS = 3;

/** What of a request is recorded beside method, address, status, times and sizes. */
export interface NetworkOptions {
  /** Query parameters whose values are kept. Those that look like secrets never are. */
  parameters?: string[];
  /** Names of headers. Cookies, and those that look like secrets, are never recorded. */
  headers?: string[];
  /** Beginnings of addresses, such as `https://api.example/orders`: the text of bodies is recorded, without secrets. */
  bodies?: string[];
  /** Hosts, such as `api.example` or `localhost:8080`: requests to them get the header `traceparent`, unless they have one. */
  traceHosts?: string[];
}

/** What the organization takes from what the page's options ask for. It adds nothing. What is left out is not limited. */
export interface Limits {
  /** Lines of each level in a minute of the clock; 0: the console is not recorded. */
  console?: number;
  /** Requests of each kind in a minute of the clock; 0: they are not recorded. */
  network?: number;
  /** Whether headers that the page names are recorded. */
  headers?: boolean;
  /** Whether bodies that the page names are recorded. */
  bodies?: boolean;
}
