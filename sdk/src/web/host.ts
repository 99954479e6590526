import { call, nativeFetch, read } from '../core/natives';
import { webStore } from '../core/storage';
import { trackClicks } from './clicks';
import { trackErrors } from './errors';
import { trackForms } from './forms';
import { listen } from './listen';
import { watchPages } from './pageviews';
import { trackPerformance } from './performance';
import { trackProducts } from './products';
import { trackScroll } from './scroll';
import type { Page } from './page';
import type { Core, Host, Undo } from '../core/host';
import type { AutoTrack } from '../types';

/** A browser's page. */
export function webHost(): Host {
  return {
    platform: 'web',
    store: webStore(() => localStorage),
    windowStore: webStore(() => sessionStorage),
    // Which other clients are robots, the server knows.
    isRefused({ allowBots, respectDoNotTrack = true }) {
      const { webdriver, doNotTrack, globalPrivacyControl } = navigator as Navigator & {
        globalPrivacyControl?: boolean;
      };
      return !!((respectDoNotTrack && (globalPrivacyControl || doNotTrack === '1')) || (!allowBots && webdriver));
    },
    context: () => ({
      url: location.href,
      referrer: read(document, 'referrer'),
      title: read(document, 'title'),
      viewport: [innerWidth, innerHeight],
      screen: [screen?.width, screen?.height],
      locale: navigator.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    }),
    whenReady(run) {
      read(document, 'prerendering')
        ? call(document, 'addEventListener', 'prerenderingchange', run, { once: true })
        : run();
    },
    attach,
    request: (input, init) => nativeFetch().call(window, input, init),
    beacon: 'keepalive' in Request.prototype ? undefined : (url, text) => navigator.sendBeacon(url, text),
    isSeen,
    wipe(database) {
      try {
        indexedDB.deleteDatabase(database);
      } catch {
        // Storage is blocked, so there is none.
      }
    },
  };
}

const isSeen = (): boolean => document.visibilityState !== 'hidden';

/** What needs nothing from the others. */
const PARTS = { clicks: trackClicks, forms: trackForms, performance: trackPerformance, errors: trackErrors };

function attach(core: Core): Undo {
  const undo: Undo[] = [];
  const page: Page = { ...core, undo, listen: (types, run) => undo.push(listen(types, core.guard(run))) };
  const choice = (core.options.autoTrack ?? true) as AutoTrack;
  // A plain true or false has no such fields.
  const isOn = (part: keyof AutoTrack): unknown => choice[part] ?? choice;
  const [depth, reportDepth, resetDepth] = trackScroll(page, isOn('scroll'));
  const products = trackProducts(page, depth, isOn('products'));
  core.viewProduct = products.view;
  undo.push(
    core.on('suspend', () => {
      products.end();
      reportDepth();
    }),
  );
  watchPages(page, (navigation, timestamp) => {
    products.end(timestamp);
    reportDepth();
    resetDepth();
    const { title, referrer, viewport } = core.context();
    if (isOn('pageviews')) core.capture('pageview', { title, referrer, viewport, navigation }, { timestamp });
  });
  // What a page has changed so that one part cannot work is no reason to do without the others.
  for (const part of Object.keys(PARTS)) if (isOn(part as 'clicks')) core.guard(PARTS[part as 'clicks'])(page);
  watchLifecycle(page);
  return () => undo.forEach((run) => run());
}

/** Never `unload`: it keeps pages out of the back/forward cache. */
function watchLifecycle({ listen, wakeUp, goAway, comeBack, beat }: Page): void {
  listen('visibilitychange pagehide pageshow online', ({ type, persisted }: PageTransitionEvent) => {
    if (type === 'online') wakeUp();
    else if (type === 'pagehide') goAway(true);
    else if (type === 'pageshow') persisted && comeBack();
    else if (isSeen()) beat();
    else goAway(false);
  });
}
