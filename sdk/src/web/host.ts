import { webStore } from '../core/storage';
import { trackClicks } from './clicks';
import { trackErrors } from './errors';
import { trackForms } from './forms';
import { listen } from './listen';
import { watchPages } from './pageviews';
import { trackPerformance } from './performance';
import { trackProducts } from './products';
import { trackScroll } from './scroll';
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
    install,
    request: (input, init) => fetch(input, init),
  };
}

/** What needs nothing from the others. */
const PARTS = { clicks: trackClicks, forms: trackForms, performance: trackPerformance, errors: trackErrors };

function install(core: Core): Undo {
  const choice = core.options.autoTrack ?? true;
  const isOn = (part: keyof AutoTrack): boolean => (typeof choice === 'object' ? choice[part] ?? true : choice);
  const depth = trackScroll(core, isOn('scroll'));
  const products = trackProducts(core, depth, isOn('products'));
  const onPage = (navigation: string, timestamp: number): void => {
    products.end();
    depth.reset();
    const { title, referrer, viewport } = core.context();
    if (isOn('pageviews')) core.capture('pageview', { title, referrer, viewport, navigation }, { timestamp });
  };
  const undo = [depth.stop, products.stop, watchPages(onPage)];
  for (const part in PARTS) if (isOn(part as 'clicks')) undo.push(PARTS[part as 'clicks'](core));
  undo.push(watchLifecycle(core));
  return () => undo.forEach((run) => run());
}

/** Never `unload`: it keeps pages out of the back/forward cache. */
function watchLifecycle(core: Core): Undo {
  return listen('visibilitychange pagehide pageshow online', ({ type, persisted }: PageTransitionEvent) => {
    if (type === 'online') core.wake();
    else if (type === 'pagehide') core.suspend(true);
    else if (type === 'pageshow') persisted && core.resume();
    else if (document.visibilityState === 'hidden') core.suspend(false);
  });
}
