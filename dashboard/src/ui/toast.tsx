/** A short notice that outlives the page that caused it. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Button } from './controls';

interface Notice {
  text: string;
  /** A link to where there is more. */
  more?: { href: string; label: string };
}

const SHOWN_MS = 10_000;
let notice: Notice | null = null;
const listeners = new Set<() => void>();

function show(next: Notice | null): void {
  notice = next;
  listeners.forEach((listener) => listener());
}

/** Shows a notice for some seconds; it replaces the one before. */
export const tell = (text: string, more?: Notice['more']): void => show({ text, more });

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

export function Toast() {
  const shown = useSyncExternalStore(subscribe, () => notice);
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (!shown || isHeld) return;
    const timer = setTimeout(() => show(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown, isHeld]);
  return (
    <div className="toasts" role="status">
      {shown && (
        <div
          className="toast"
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          <span>{shown.text}</span>
          {shown.more && <a href={shown.more.href}>{shown.more.label}</a>}
          <Button
            small
            look="quiet"
            icon="close"
            label="Close the notice"
            onClick={() => (setHeld(false), show(null))}
          />
        </div>
      )}
    </div>
  );
}
