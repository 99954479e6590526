import { useState } from 'react';
import type { Erasure, ErasurePage } from '../api/types';
import { useSigned } from '../signin/session';
import { Button, Card } from '../ui/controls';
import { More, usePages } from '../ui/pages';
import { Empty, Failed, Skeleton } from '../ui/states';
import { tell } from '../ui/toast';
import { EraseDialog } from './dialog';
import { ErasureTable } from './table';
import { erasuresKey, erasuresPath } from './use-erasing';
import '../admin/admin.css';
import './erasures.css';

const PAGE = 50;
const REFRESH_MS = 3_000;

const isVerifying = (erasures: Erasure[]) => erasures.some(({ completedAt }) => !completedAt);

export default function ErasuresPage() {
  const [isAsking, setAsking] = useState(false);
  const query = useErasures();
  const erasures = query.data?.pages.flatMap((page) => page.erasures) ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>Erasures</h1>
        <Button look="danger" icon="erase" onClick={() => setAsking(true)}>
          New erasure
        </Button>
        <p>
          Data that was permanently erased or anonymized. Each store has a receipt: what was found, what was removed,
          and when the store was checked again.
        </p>
      </div>
      <Card flush>
        {query.isError && !query.data ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : query.isPending ? (
          <Skeleton height={200} />
        ) : !erasures.length ? (
          <Empty icon="erase" title="Nothing has been erased yet">
            Use “New erasure” to erase sessions, the data of a user or a visitor, a time range or everything. You can
            also erase a session or its user’s data from the session’s page.
          </Empty>
        ) : (
          <ErasureTable erasures={erasures} />
        )}
        <More query={query} />
      </Card>
      {isAsking && (
        <EraseDialog
          onClose={() => setAsking(false)}
          onDone={() => {
            setAsking(false);
            tell('Done. The receipts are in the list.');
          }}
        />
      )}
    </div>
  );
}

/** Newest first. Asks again while an erasure is not verified. */
function useErasures() {
  const { organizationId } = useSigned();
  const [key, path] = [erasuresKey(organizationId), erasuresPath(organizationId)];
  return usePages<ErasurePage>(
    key,
    path,
    { limit: PAGE },
    {
      staleTime: 0,
      refetchInterval: ({ state }) =>
        isVerifying(state.data?.pages.flatMap((page) => page.erasures) ?? []) ? REFRESH_MS : false,
    },
  );
}
