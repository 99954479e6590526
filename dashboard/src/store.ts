/** Choices for this browser, stored in localStorage and shared by all parts of the page. */
import { useSyncExternalStore } from 'react';

/** A named choice with its value when nothing was chosen. */
export interface Choice<T> {
  get(): T;
  set(value: T): void;
  subscribe(changed: () => void): () => void;
}

export function choice<T>(name: string, initial: T): Choice<T> {
  const key = `crow.${name}`;
  const listeners = new Set<() => void>();
  let value = read(key, initial);
  window.addEventListener('storage', (event) => {
    if (event.key !== key) return;
    value = read(key, initial);
    listeners.forEach((listener) => listener());
  });
  return {
    get: () => value,
    set(next) {
      value = next;
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // Storage is full or forbidden: the choice holds until the page is left.
      }
      listeners.forEach((listener) => listener());
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

export function useChoice<T>(of: Choice<T>): [T, (value: T) => void] {
  return [useSyncExternalStore(of.subscribe, of.get), of.set];
}

function read<T>(key: string, initial: T): T {
  try {
    const text = localStorage.getItem(key);
    return text === null ? initial : (JSON.parse(text) as T);
  } catch {
    return initial;
  }
}
