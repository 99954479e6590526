import { useSearch } from '../router';
import { Segments } from './controls';

const MODES = [
  ['words', 'Words'],
  ['meaning', 'Meaning'],
] as const;

/** Whether the text of the address is searched by meaning. */
export function useByMeaning(): boolean {
  const [search] = useSearch();
  return search.get('search') === 'meaning';
}

/** Chooses how a text is searched. */
export function SearchMode() {
  const [, change] = useSearch();
  const isByMeaning = useByMeaning();
  return (
    <Segments
      label="Search by"
      value={isByMeaning ? 'meaning' : 'words'}
      options={MODES}
      onChange={(mode) => change({ search: mode === 'words' ? null : mode }, { replace: true })}
    />
  );
}
