/** Keeps the focus while parts of the page appear and disappear. */
import { useEffect, useRef, type RefObject } from 'react';

const FOCUSABLE = 'input:not(:disabled), select, textarea, button:not(:disabled), a[href], [tabindex="0"]';

export const firstIn = (element: HTMLElement): HTMLElement => element.querySelector<HTMLElement>(FOCUSABLE) ?? element;

export const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body;

/** Keeps the focus inside while open. A control that replaces the focused one gets the focus. On close, the focus returns to its previous place. */
export function useHeldFocus(inside: RefObject<HTMLElement | null>, isOpen: boolean): void {
  useEffect(() => {
    const element = inside.current;
    if (!isOpen || !element) return;
    const before = document.activeElement;
    firstIn(element).focus();
    const changed = new MutationObserver(() => isLost() && firstIn(element).focus());
    changed.observe(element, { childList: true, subtree: true });
    return () => {
      changed.disconnect();
      // After a click elsewhere the focus is already there.
      if ((isLost() || element.contains(document.activeElement)) && before instanceof HTMLElement) before.focus();
    };
  }, [inside, isOpen]);
}

/** When a focused control inside vanishes, such as a filter that was removed, `fallback` inside gets the focus. */
export function useFocusAfterRemoval(inside: RefObject<HTMLElement | null>, fallback: string): void {
  const last = useRef<Element | null>(null);
  useEffect(() => {
    const element = inside.current;
    if (!element) return;
    const focused = ({ target }: FocusEvent) => void (last.current = target as Element);
    const changed = new MutationObserver(() => {
      // An open panel inside manages its own focus.
      if (!last.current || last.current.isConnected || !isLost() || element.querySelector('.panel')) return;
      last.current = null;
      element.querySelector<HTMLElement>(fallback)?.focus();
    });
    element.addEventListener('focusin', focused);
    changed.observe(element, { childList: true, subtree: true });
    return () => {
      element.removeEventListener('focusin', focused);
      changed.disconnect();
    };
  }, [inside, fallback]);
}
