import { exceptionOf } from './exception';
import { need } from './facts';
import { now } from './id';
import { toJson } from './json';
import { word, properties, userIdOf } from './shape';
import type { Undo } from './host';
import type { Engine } from './tracker';
import type { Consent, EventMap, Facts, Plugin, Product, Properties } from '../types';

/** The calls of a tracker. None throws: what goes wrong is told to `on('error')`. */
export interface Tracker<Events extends EventMap = EventMap> {
  /** Tracks a custom event. */
  track<N extends keyof Events & string>(name: N, properties?: Events[N]): void;
  /** Tracks a page view or a screen that is not seen by itself. */
  page(properties?: Properties & { url?: string; title?: string }): void;
  /** Captures an error that the page has caught; `context` is what was going on. Those that nobody catches are captured without a call. */
  captureException(error: unknown, context?: Properties): void;
  /** The person looks at a product; the view ends with the next one, or the page. */
  product(product: Product): void;
  /** Says who the person is. Another person than before begins another session. */
  identify(userId: string, traits?: Properties): void;
  /** Says which group, such as a company, the person belongs to. */
  group(type: string, id: string, traits?: Properties): void;
  /** Adds properties to every later event. */
  register(properties: Properties): void;
  /** Takes back what `register` added. */
  unregister(...names: string[]): void;
  /** Forgets the person, as after a log-out, and begins another session. */
  reset(): void;
  /** Ends the session on the server at once, as on a shared screen; what follows belongs to another. */
  end(): Promise<void>;
  /** Takes back `optOut`, and consents. */
  optIn(): void;
  /** Stops, and wipes ids and queue; remembered until `optIn`. */
  optOut(): void;
  hasOptedOut(): boolean;
  /** What the person has decided; with an argument, says what the person decides. */
  consent(decision?: Consent): Consent;
  /** Sends what is queued; resolves when it is delivered, or cannot be now. */
  flush(): Promise<void>;
  /** Sends what is queued, keeps what cannot be sent for the next start, and stops. */
  shutdown(): Promise<void>;
  /** Whether to log to the console. */
  debug(isOn?: boolean): void;
  /** The session that later events belong to; undefined while nothing is tracked. */
  getSessionId(): string | undefined;
  /** Records the session, once consent and sampling allow. Needs the option `replay`, or a plugin of that name. */
  startReplay(): void;
  stopReplay(): void;
  /** With `waitForError`: sends the last minute, and records on. Nothing to do otherwise. */
  keepReplay(): void;
  /** Adds a plugin. The one named `replay` is started and stopped by `startReplay` and `stopReplay`. */
  use(plugin: Plugin): void;
  /** Listens; gives what stops it. */
  on<K extends keyof Facts>(kind: K, listener: (fact: Facts[K]) => void): Undo;
}

/** Makes the calls: they check their arguments, and leave the rest to the engine. */
export function createApi(engine: Engine): Tracker {
  const { core, who, remember } = engine;
  const { capture } = core;

  const add = (field: 'traits' | 'groups' | 'props', more?: Properties): void =>
    remember({ [field]: { ...who()[field], ...more } });

  const api: Tracker = {
    track(given: string, data?: Properties) {
      const name = word(given);
      need(name);
      capture('custom', properties(data), { name });
    },
    page(given) {
      const { url, ...data } = properties(given);
      capture('pageview', { title: core.context().title, ...data }, url ? { url: core.cleanUrl(String(url)) } : {});
    },
    captureException(error: unknown, context?: Properties) {
      const facts = exceptionOf(error, core);
      capture('error', { ...facts, handled: true, context: context && properties(context) });
    },
    product(given) {
      const product = properties(given) as Product;
      need(product.id);
      core.viewProduct(product);
    },
    identify(given, more) {
      const userId = userIdOf(given);
      need(userId);
      const traits = properties(more);
      const known = who().userId;
      if (known && known !== userId) api.reset();
      remember({ userId });
      add('traits', traits);
      capture('identify', { userId, traits });
    },
    group(given, value, more) {
      const [type, id] = [word(given), userIdOf(value)];
      need(type && id);
      add('groups', { [type!]: id });
      capture('group', { type, id, traits: properties(more) });
    },
    register: (more) => add('props', properties(more)),
    unregister: (...names) => names.forEach((name) => add('props', { [name]: undefined })),
    reset() {
      remember();
      engine.endSession();
    },
    async end() {
      if (!engine.isOn()) return;
      const body = toJson({ sessionId: core.session().id, windowId: core.windowId(), sentAt: now() });
      engine.endSession();
      await engine.flush();
      await core.post('/session/end', body);
    },
    optIn() {
      engine.optedOut(null);
      engine.decide('granted');
    },
    optOut() {
      engine.decide('denied');
      engine.optedOut('1');
    },
    hasOptedOut: engine.hasOptedOut,
    consent(choice) {
      need(!choice || /^(granted|pending|denied)$/.test(choice));
      if (choice) engine.decide(choice, true);
      return engine.consent();
    },
    flush: engine.flush,
    shutdown: engine.shut,
    debug(isOn = true) {
      core.options.debug = isOn;
    },
    getSessionId: () => (engine.isOn() ? core.session().id : undefined),
    startReplay: () => engine.wantReplay(true),
    stopReplay: () => engine.wantReplay(false),
    keepReplay: engine.keepReplay,
    use: engine.use,
    on: core.on,
  };
  for (const name of Object.keys(api)) api[name as 'reset'] = core.guard(api[name as 'reset'], name);
  return api;
}
