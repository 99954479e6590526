import type { ScrollDepth } from './scroll';
import type { Core } from '../core/host';
import type { Product } from '../types';

const SCAN_AFTER_MS = 500;
const VISIBLE_MS = 1_000;

/** Views of products that are going on. */
export interface ProductViews {
  /** Another page begins, or this one goes. */
  end(): void;
  stop(): void;
}

/**
 * Captures a `product_view` when it ends, with `duration` and `scrollDepth`: of `product()`, and of
 * elements with `data-crow-product` while half of them (or of the window) shows for a second.
 */
export function trackProducts(core: Core, depth: ScrollDepth, isAuto: boolean): ProductViews {
  /** The one of `product()` has no element. */
  const views = new Map<Element | undefined, { product: Product; since: number }>();
  let timer: any;

  const begin = (product: Product, element?: Element): void => void views.set(element, { product, since: Date.now() });
  const finish = (element?: Element): void => {
    const view = views.get(element);
    if (!view) return;
    views.delete(element);
    const duration = Date.now() - view.since;
    if (!element || duration >= VISIBLE_MS) {
      core.capture('product_view', { ...view.product, duration, scrollDepth: depth.now() });
    }
  };
  const end = (): void => [...views.keys()].forEach(finish);

  core.viewProduct = (product) => {
    finish();
    begin(product);
  };

  const watcher = new IntersectionObserver(
    core.guard((entries: IntersectionObserverEntry[]) => {
      for (const { target, intersectionRatio, intersectionRect } of entries) {
        const isSeen = intersectionRatio >= 0.5 || intersectionRect.height >= innerHeight / 2;
        if (!isSeen) finish(target);
        else if (!views.has(target)) begin(productOf(target as HTMLElement), target);
      }
    }),
    { threshold: [0, 0.25, 0.5] },
  );
  const scan = (): void => {
    timer = 0;
    document.querySelectorAll('[data-crow-product]').forEach((element) => watcher.observe(element));
  };
  const changes = new MutationObserver(() => (timer ||= setTimeout(scan, SCAN_AFTER_MS)));
  if (isAuto) {
    scan();
    changes.observe(document, { subtree: true, childList: true });
  }
  const off = core.on('suspend', end);
  return {
    end,
    stop() {
      off();
      changes.disconnect();
      watcher.disconnect();
      clearTimeout(timer);
    },
  };
}

function productOf({ dataset }: HTMLElement): Product {
  return { id: dataset.crowProduct!, name: dataset.crowProductName, price: dataset.crowProductPrice };
}
