import { useEffect, useRef } from 'react';

interface Keys {
  toggle: () => void;
  step: (direction: 1 | -1) => void;
  move: (ms: number) => void;
  fullScreen: () => void;
}

/** Space plays and pauses, arrows move five seconds, with Shift to the next event, `f` fills the screen. */
export function usePlayerKeys(keys: Keys): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (target.closest('dialog')) return;
      if (event.metaKey || event.ctrlKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
      const { toggle, step, move, fullScreen } = current.current;
      const forward = (isStep: boolean, direction: 1 | -1) => (isStep ? step(direction) : move(direction * 5_000));
      if (event.key === ' ' && target.closest('button, a, summary')) return;
      if (event.key === ' ') toggle();
      else if (event.key === 'ArrowRight') forward(event.shiftKey, 1);
      else if (event.key === 'ArrowLeft') forward(event.shiftKey, -1);
      else if (event.key === 'f') fullScreen();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}
