import { useState } from 'react';
import type { Pages } from '../api/types';
import { count } from '../format';
import { Button, Popover, useRested } from '../ui/controls';
import { Skeleton } from '../ui/states';
import { useAnalysis } from './page';

/** Chooses one of the pages that were visited. */
export function PagePicker({
  value,
  anyLabel,
  onChange,
}: {
  value: string;
  anyLabel?: string;
  onChange: (page: string) => void;
}) {
  return (
    <Popover
      title="Page"
      button={(open, isOpen) => (
        <Button icon="page" onClick={open} aria-expanded={isOpen}>
          <span className="cut picked-page">{value || anyLabel || 'Choose a page'}</span>
        </Button>
      )}
    >
      {(close) => <Choices anyLabel={anyLabel} choose={(page) => (onChange(page), close())} />}
    </Popover>
  );
}

function Choices({ anyLabel, choose }: { anyLabel: string | undefined; choose: (page: string) => void }) {
  const [typed, setTyped] = useState('');
  const text = useRested(typed);
  const query = useAnalysis<Pages>('pages', { limit: 50, text: text || undefined });
  return (
    <>
      <input
        className="field picker-search"
        placeholder="Part of the path"
        aria-label="Part of the path"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {anyLabel && !typed && (
        <button type="button" className="item" onClick={() => choose('')}>
          {anyLabel}
        </button>
      )}
      {query.isPending && <Skeleton height={60} />}
      {query.data?.rows.map(({ page, pageviews }) => (
        <button key={page} type="button" className="item" onClick={() => choose(page)}>
          <span className="cut foreign">{page}</span>
          <span className="count">{count(pageviews)}</span>
        </button>
      ))}
      {query.data?.rows.length === 0 && <p className="menu-title">No page matches in this time range.</p>}
    </>
  );
}
