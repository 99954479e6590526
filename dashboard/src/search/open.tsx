import { lazy, Suspense, useEffect, useState } from 'react';
import { useSigned } from '../signin/session';
import { Button } from '../ui/controls';

const SearchBox = lazy(() => import('./box'));
const ASKED = 'crow:search';

/** A button that opens the search box. Whoever sees masked data has none: its lists find people. */
export function SearchButton() {
  const { mayWatch } = useSigned();
  if (!mayWatch) return null;
  return <Button icon="search" label="Find anything (Ctrl K)" onClick={() => window.dispatchEvent(new Event(ASKED))} />;
}

/** The search box of all pages. Ctrl or Command with K opens it, and `/` where the page has no search of its own. */
export function Search() {
  const { mayWatch } = useSigned();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (!mayWatch) return;
    const open = () => setOpen(true);
    const pressed = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
      const isChord = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k';
      const isSlash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping;
      const hasOwn = document.getElementById('search') !== null;
      if (!(isChord || (isSlash && !hasOwn)) || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      open();
    };
    document.addEventListener('keydown', pressed);
    window.addEventListener(ASKED, open);
    return () => {
      document.removeEventListener('keydown', pressed);
      window.removeEventListener(ASKED, open);
    };
  }, [mayWatch]);
  if (!mayWatch || !isOpen) return null;
  return (
    <Suspense fallback={null}>
      <SearchBox onClose={() => setOpen(false)} />
    </Suspense>
  );
}
