/** Lists that the server gives page by page. */
import { useInfiniteQuery, type InfiniteData, type QueryKey } from '@tanstack/react-query';
import { get, type Params } from '../api/client';
import { Button } from './controls';

interface Page {
  nextCursor?: string | null;
}

interface Options<T> {
  staleTime?: number;
  refetchInterval?: number | ((query: { state: { data?: InfiniteData<T, string> | undefined } }) => number | false);
  refetchOnWindowFocus?: 'always';
}

/** The pages that were asked for so far. */
export const usePages = <T extends Page>(
  queryKey: QueryKey,
  path: string,
  params: Params = {},
  options: Options<T> = {},
) =>
  useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => get<T>(path, { ...params, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }: Page) => nextCursor ?? undefined,
    ...options,
  });

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
  isFetchNextPageError?: boolean;
}

/** Asks for the next page, if there is one, and says when that failed. */
export function More({ query }: { query: Pages }) {
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isFetchNextPageError } = query;
  if (!hasNextPage) return null;
  return (
    <div className="more-letters">
      {isFetchNextPageError && (
        <p className="problem" role="alert">
          The next page could not be loaded. Try again.
        </p>
      )}
      <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        Show more
      </Button>
    </div>
  );
}
