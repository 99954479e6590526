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

const BOTS = /bot\b|crawl|spider|slurp|headless|lighthouse/i;

/** A browser's page. */
export function webHost(): Host {
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    platform: 'web',
    store: webStore(() => localStorage),
    windowStore: webStore(() => sessionStorage),
    isRefused({ allowBots, respectDoNotTrack = true }) {
      const { webdriver, userAgent, doNotTrack, globalPrivacyControl } = navigator as Navigator & { globalPrivacyControl?: boolean };
      if (respectDoNotTrack && (globalPrivacyControl || doNotTrack === '1')) return true;
      return !allowBots && (webdriver || BOTS.test(userAgent));
    },
    context: () => ({
      url: location.href,
      referrer: document.referrer,
      title: document.title,
      viewport: [innerWidth, innerHeight],
      screen: [screen.width, screen.height],
      locale: navigator.language,
      timezone,
    }),
    whenReady(run) {
      (document as Document & { prerendering?: boolean }).prerendering
        ? document.addEventListener('prerenderingchange', run, { once: true })
        : run();
    },
    attach,
    request: (input, init) => fetch(input, init),
  };
}

/** What needs nothing from the others. */
const PARTS = { clicks: trackClicks, forms: trackForms, performance: trackPerformance, errors: trackErrors };

function attach(core: Core): Undo {
  const undo: Undo[] = [];
  const page: Page = { ...core, undo, listen: (types, run) => undo.push(listen(types, core.guard(run))) };
  const choice = (core.options.autoTrack ?? true) as AutoTrack;
  // A plain true or false has no such fields.
  const isOn = (part: keyof AutoTrack): unknown => choice[part] ?? choice;
  const [depth, reportDepth, resetDepth] = trackScroll(page, isOn('scroll'));
  const [viewProduct, endViews] = trackProducts(page, depth, isOn('products'));
  const leave = (): void => {
    endViews();
    reportDepth();
  };
  core.viewProduct = viewProduct;
  undo.push(core.on('suspend', leave));
  watchPages(page, (navigation, timestamp) => {
    leave();
    resetDepth();
    const { title, referrer, viewport } = core.context();
    if (isOn('pageviews')) core.capture('pageview', { title, referrer, viewport, navigation }, { timestamp });
  });
  for (const part in PARTS) if (isOn(part as 'clicks')) PARTS[part as 'clicks'](page);
  watchLifecycle(page);
  return () => undo.forEach((run) => run());
}

/** Never `unload`: it keeps pages out of the back/forward cache. */
function watchLifecycle({ listen, wakeUp, goAway, comeBack }: Page): void {
  listen('visibilitychange pagehide pageshow online', ({ type, persisted }: PageTransitionEvent) => {
    if (type === 'online') wakeUp();
    else if (type === 'pagehide') goAway(true);
    else if (type === 'pageshow') persisted && comeBack();
    else if (document.visibilityState === 'hidden') goAway(false);
  });
}
