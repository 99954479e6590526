import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get } from '../api/client';
import { useSearch } from '../router';
import { useFilters } from '../sessions/filters';
import { useSigned } from '../signin/session';
import { useRested } from '../ui/controls';
import { usePages } from '../ui/pages';
import { useByMeaning } from '../ui/search-mode';
import type { Activity, ProductPage } from './types';

const PAGE = 50;

export function useProductsPath(): string {
  const { organizationId } = useSigned();
  return `/api/v1/products/organization/${encodeURIComponent(organizationId)}`;
}

/** The catalogue by name, page by page, with the filters of the address. By meaning, the most similar first. */
export function useCatalogue() {
  const path = useProductsPath();
  const [search] = useSearch();
  const asked = {
    q: useRested(search.get('q') ?? undefined),
    category: useRested(search.get('category') ?? undefined),
  };
  const mode = useByMeaning() && asked.q ? 'meaning' : undefined;
  const query = usePages<ProductPage>(['products', path, asked, mode], path, { ...asked, search: mode, limit: PAGE });
  const pages = query.data?.pages ?? [];
  return { ...query, products: pages.flatMap(({ products }) => products), note: pages[0]?.note };
}

/** How many interactions of the chosen range were about each product. */
export function useActivity() {
  const path = `${useProductsPath()}/activity`;
  const { from, to } = useFilters().times;
  return useQuery({
    queryKey: ['products', path, from, to],
    queryFn: ({ signal }) => get<Activity>(path, { from, to }, signal),
  });
}

/** A change of the catalogue, after which it is asked for again. */
export function useChange<A, T>(change: (given: A) => Promise<T>, done?: (result: T) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess(result) {
      void client.invalidateQueries({ queryKey: ['products'] });
      done?.(result);
    },
  });
}
