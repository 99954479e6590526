/** What the search box asks: the lists of sessions, interactions and products, a few rows of each. */
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client';
import type { InteractionPage, SessionPage } from '../api/types';
import { pathOf } from '../interactions/use-interactions';
import type { ProductPage } from '../products/types';
import { useProductsPath } from '../products/use-products';
import { timesOf } from '../sessions/filters';
import { useSigned } from '../signin/session';
import { useRested } from '../ui/controls';

/** Rows of each list. */
const ROWS = 5;
/** Shorter texts are in nearly everything. */
const LEAST = 2;
/** Words that the lists take. */
const MAX_WORDS = 10;
/** Sessions are searched in this range, as the list would be. */
export const RANGE = '90d';

const isWanted = (text: string): boolean => text.length >= LEAST;

/** What was found for a text; `asked` is the text that the answers belong to. */
export function useFound(typed: string) {
  const { organizationId } = useSigned();
  const products = useProductsPath();
  const interactions = pathOf(organizationId);
  const asked = useRested(typed.trim().replace(/\s+/g, ' '));
  const words = asked.split(' ').slice(0, MAX_WORDS).join(' ');
  const ranked = { q: words, search: 'both', limit: ROWS };
  const options = { enabled: isWanted(asked), staleTime: 30_000, retry: false };
  return {
    asked: isWanted(asked) ? asked : '',
    words,
    sessions: useQuery({
      ...options,
      queryKey: ['search', organizationId, 'sessions', asked],
      queryFn: ({ signal }) => {
        const { from } = timesOf(new URLSearchParams({ range: RANGE }));
        return get<SessionPage>(`/sessions/${organizationId}`, { text: asked, from, limit: ROWS }, signal);
      },
    }),
    interactions: useQuery({
      ...options,
      queryKey: ['search', organizationId, 'interactions', words],
      queryFn: ({ signal }) => get<InteractionPage>(interactions, ranked, signal),
    }),
    products: useQuery({
      ...options,
      queryKey: ['search', organizationId, 'products', words],
      queryFn: ({ signal }) => get<ProductPage>(products, ranked, signal),
    }),
  };
}
