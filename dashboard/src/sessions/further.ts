/** When a list asks for its next page without being told to. */

/** The server does so much work for a page, so pages may be empty. After so many in a row, somebody decides whether to go on. */
const PATIENCE = 30;

/** How many pages at the end have no rows. */
export function emptyAtEnd(rowsOfPages: readonly number[] = []): number {
  const last = rowsOfPages.findLastIndex((rows) => rows > 0);
  return rowsOfPages.length - 1 - last;
}

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isError: boolean;
}

/** A page that failed is not asked for again, and each time that somebody decides to go on, it goes on for some pages. */
export const mayGoOn = ({ hasNextPage, isFetchingNextPage, isError }: Pages, empty: number): boolean =>
  hasNextPage && !isFetchingNextPage && !isError && (empty === 0 || empty % PATIENCE !== 0);
