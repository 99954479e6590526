import type { Page } from './page';
import type { Undo } from '../core/host';
import type { Product } from '../types';

const SCAN_AFTER_MS = 500;
const VISIBLE_MS = 1_000;

/**
 * Captures a `product_view` when it ends, with `duration` and `scrollDepth`: of `product()`, and of
 * elements with `data-crow-product` while half of them (or of the window) shows for a second.
 * Gives what `product()` does, and what ends all views: another page begins, or this one goes.
 */
export function trackProducts({ capture, guard, undo }: Page, depth: () => number, isAuto: unknown): [view: (product: Product) => void, end: () => void] {
  /** What ends the view of an element; the one of `product()` has none. */
  const views = new Map<Element | undefined, Undo>();
  let timer: any;

  const begin = (product: Product, element?: Element): void => {
    const since = Date.now();
    views.set(element, () => {
      views.delete(element);
      const duration = Date.now() - since;
      if (!element || duration >= VISIBLE_MS) capture('product_view', { ...product, duration, scrollDepth: depth() });
    });
  };
  const finish = (element?: Element): void => views.get(element)?.();

  const watcher = new IntersectionObserver(
    guard((entries: IntersectionObserverEntry[]) => {
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
  undo.push(() => {
    changes.disconnect();
    watcher.disconnect();
    clearTimeout(timer);
  });
  const view = (product: Product): void => {
    finish();
    begin(product);
  };
  return [view, () => views.forEach((finish) => finish())];
}

function productOf({ dataset }: HTMLElement): Product {
  return { id: dataset.crowProduct!, name: dataset.crowProductName, price: dataset.crowProductPrice };
}
