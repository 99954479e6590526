import { useEffect, useRef, useState } from 'react';
import type { Params } from '../api/client';
import { exactCount, plural } from '../format';
import { useTimeZone } from '../settings';
import { Button } from '../ui/controls';
import { tell } from '../ui/toast';
import type { ListName } from './lists';

/** Where the rows of a file come from. */
export interface Source {
  list: ListName;
  path: string;
  params: Params;
  /** Of the file, without its ending. Default: what the list is called. */
  name?: string | undefined;
  /** Rows of the file at most. */
  most: number;
}

/** It takes 100 requests, one after the other. */
const MOST = 10_000;

/** Reads a list to its end, page by page, and saves it as a file. */
export function ListCsv({ small, ...source }: Omit<Source, 'most'> & { small?: boolean }) {
  const zone = useTimeZone();
  const [read, setRead] = useState<number | null>(null);
  const reading = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => reading.current?.abort(), []);
  const save = async () => {
    const abort = (reading.current = new AbortController());
    setRead(0);
    try {
      const { saveList } = await import('./lists');
      tell(await saveList({ ...source, most: MOST }, zone, setRead, abort.signal));
    } catch (error) {
      if (!abort.signal.aborted) tell(`No file was saved. ${error instanceof Error ? error.message : ''}`);
    }
    setRead(null);
  };
  const isReading = read !== null;
  return (
    <Button
      small={small}
      look="quiet"
      icon={isReading ? 'close' : 'download'}
      title={`The whole list, up to ${exactCount(MOST)} rows`}
      onClick={() => (isReading ? reading.current?.abort() : void save())}
    >
      {isReading ? `Cancel, ${plural(read, 'row')}` : 'CSV'}
    </Button>
  );
}
