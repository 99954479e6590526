import { useEffect, useRef, useState } from 'react';

/** `j` and `k` move, Enter opens, `/` goes to the search field. Says which row is selected; -1 for none. */
export function useListKeys(length: number, reveal: (index: number) => void, open: (index: number) => void): number {
  const [selected, setSelected] = useState(-1);
  const state = useRef({ selected, length, reveal, open });
  state.current = { selected, length, reveal, open };
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      const target = event.target as HTMLElement;
      if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) {
        if (event.key === 'Escape') target.blur();
        return;
      }
      const now = state.current;
      if (event.key === '/') {
        event.preventDefault();
        document.getElementById('search')?.focus();
      } else if (event.key === 'j' || event.key === 'k') {
        const next = Math.max(0, Math.min(now.length - 1, now.selected + (event.key === 'j' ? 1 : -1)));
        setSelected(next);
        now.reveal(next);
      } else if (event.key === 'Enter' && now.selected >= 0 && !target.closest('button, a')) {
        now.open(now.selected);
      }
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
  return Math.min(selected, length - 1);
}
