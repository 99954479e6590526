import { choice } from '../store';

/** A filter with a name, kept in this browser. */
export interface Saved {
  name: string;
  /** The parameters of the URL. */
  query: string;
}

export const saved = choice<Saved[]>('savedFilters', []);

export function save(name: string, query: string): void {
  saved.set(
    [...saved.get().filter((other) => other.name !== name), { name, query }].sort((a, b) =>
      a.name.localeCompare(b.name),
    ),
  );
}

export function forget(name: string): void {
  saved.set(saved.get().filter((other) => other.name !== name));
}
