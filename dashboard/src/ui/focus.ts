/** Keeps the keyboard's place while parts of the page come and go. */
import { useEffect, useRef, type RefObject } from 'react';

const FOCUSABLE = 'input:not(:disabled), select, textarea, button:not(:disabled), a[href], [tabindex="0"]';

export const firstIn = (element: HTMLElement): HTMLElement => element.querySelector<HTMLElement>(FOCUSABLE) ?? element;

const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body;

/** While open, the focus is inside: what takes the place of a focused control gets it. When it closes, it goes back to where it came from. */
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
      // Somebody who clicked elsewhere has a new place already.
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
      // An open panel inside looks after its own focus.
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
