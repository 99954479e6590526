import { now } from '../core/id';
import { call } from '../core/natives';
import { attribute } from './element';
import type { Page } from './page';
import type { Product } from '../types';

const SCAN_AFTER_MS = 500;
const VISIBLE_MS = 1_000;
/** Some routers show the next page a moment before they change the address. */
const ROUTER_MS = 100;

/** A view that has not ended; the one of `product()` has no element. */
interface View {
  product: Product;
  element?: Element;
  since: number;
}

/** What `trackProducts` gives. */
export interface Products {
  /** What `product()` does. */
  view(product: Product): void;
  /** Ends the views that began before another page did, at `at`; without it all: this page goes. */
  end(at?: number): void;
}

/**
 * Captures a `product_view` when it ends, with `duration` and `scrollDepth`: of `product()`, and of
 * elements with `data-crow-product` while half of them (or of the window) shows for a second.
 */
export function trackProducts({ capture, guard, undo }: Page, depth: () => number, isAuto: unknown): Products {
  let views: View[] = [];
  let timer: any;

  const begin = (product: Product, element?: Element): void => void views.push({ product, element, since: now() });
  const viewOf = (element?: Element): View | undefined => views.find((view) => view.element === element);
  const end = (view?: View, at = now()): void => {
    if (!view) return;
    views = views.filter((other) => other !== view);
    const { product, element, since } = view;
    const price = Number(product.price ?? NaN);
    const duration = Math.max(0, at - since);
    if (!element || duration >= VISIBLE_MS)
      capture('product_view', { ...product, ...(price >= 0 && { price }), duration, scrollDepth: depth() });
  };

  if (isAuto) guard(watchElements)();

  function watchElements(): void {
    const watcher = new IntersectionObserver(
      guard((entries: IntersectionObserverEntry[]) => {
        for (const { target, intersectionRatio, intersectionRect } of entries) {
          const isSeen = intersectionRatio >= 0.5 || intersectionRect.height >= innerHeight / 2;
          if (!isSeen) end(viewOf(target));
          else if (!viewOf(target)) begin(productOf(target), target);
        }
      }),
      { threshold: [0, 0.25, 0.5] },
    );
    const scan = (): void => {
      timer = 0;
      for (const element of call(document, 'querySelectorAll', '[data-crow-product]')) watcher.observe(element);
    };
    const changes = new MutationObserver(() => (timer ||= setTimeout(guard(scan), SCAN_AFTER_MS)));
    scan();
    changes.observe(document, { subtree: true, childList: true });
    undo.push(() => {
      changes.disconnect();
      watcher.disconnect();
      clearTimeout(timer);
    });
  }
  return {
    view(product) {
      const current = viewOf();
      // A component that is set up twice shows one product.
      if (current?.product.id === product.id) return;
      end(current);
      begin(product);
    },
    end: (at) => {
      for (const view of views) if (!at || view.since < at - ROUTER_MS) end(view, at);
    },
  };
}

function productOf(element: Element): Product {
  const about = (name: string): string | undefined => attribute(element, 'data-crow-product' + name) || undefined;
  return { id: about('')!, name: about('-name'), price: about('-price') };
}
