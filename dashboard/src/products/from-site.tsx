import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { Problem } from '../accounts/problem';
import { call, get } from '../api/client';
import { exactCount } from '../format';
import { Button, Dialog } from '../ui/controls';
import { Failed, Skeleton } from '../ui/states';
import type { SiteImport } from './types';
import { useChange, useProductsPath } from './use-products';

const AGAIN_MS = 1_000;

const isOpen = (one: SiteImport | null | undefined): boolean => one?.state === 'waiting' || one?.state === 'running';

/** The newest import from a site; asked for again while it is open. */
function useSiteImport() {
  const path = `${useProductsPath()}/import/site`;
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['site-import', path],
    queryFn: ({ signal }) => get<{ import: SiteImport | null }>(path, {}, signal),
    refetchInterval: ({ state }) => (isOpen(state.data?.import) ? AGAIN_MS : false),
  });
  const newest = query.data?.import;
  const isDone = newest?.state === 'done';
  useEffect(() => {
    if (isDone) void client.invalidateQueries({ queryKey: ['products'] });
  }, [client, isDone, newest?.id]);
  const again = () => void query.refetch();
  const start = useChange((url: string) => call(path, { method: 'POST', json: { url } }), again);
  const cancel = useChange(() => call(path, { method: 'DELETE' }), again);
  return { ...query, newest, start, cancel };
}

/** Imports from the pages of a site. The import goes on when the dialog is closed. */
export function FromSite({ choice, onClose }: { choice: ReactNode; onClose: () => void }) {
  const query = useSiteImport();
  const { newest, start, cancel } = query;
  const [typed, setTyped] = useState<string | null>(null);
  /** The import that was open while this dialog was. */
  const [seen, setSeen] = useState<string>();
  const open = isOpen(newest) ? newest?.id : undefined;
  useEffect(() => {
    if (open) setSeen(open);
  }, [open]);
  const url = (typed ?? newest?.url ?? '').trim();
  return (
    <Dialog
      title="Import products"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          {open ? (
            <Button look="danger" disabled={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
              Stop the import
            </Button>
          ) : (
            <Button
              look="primary"
              disabled={!url || query.isPending || start.isPending}
              onClick={() => start.mutate(url)}
            >
              Import
            </Button>
          )}
        </>
      }
    >
      <div className="stack">
        {choice}
        {query.isError ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : query.isPending ? (
          <Skeleton height={120} />
        ) : open && newest ? (
          <Progress going={newest} />
        ) : (
          <form className="stack" onSubmit={(event) => (event.preventDefault(), url && start.mutate(url))}>
            <label className="labelled">
              Address of a page or a sitemap
              <input
                className="field"
                type="url"
                maxLength={2_000}
                placeholder="https://shop.example/sitemap.xml"
                value={typed ?? newest?.url ?? ''}
                onChange={({ target }) => (setTyped(target.value), start.reset())}
              />
            </label>
            <p className="muted">
              CROW reads the pages of the sitemap, as far as <code>robots.txt</code> allows, and takes products of
              schema.org from their JSON-LD. Products with a known id are changed; none is removed.
            </p>
            <Problem error={start.error} />
          </form>
        )}
        {newest && !open && <Outcome ended={newest} isNew={newest.id === seen} />}
        <Problem error={cancel.error} />
      </div>
    </Dialog>
  );
}

function Progress({ going: { url, state, pagesFound, pagesRead, failed } }: { going: SiteImport }) {
  return (
    <div className="stack">
      <p className="mono foreign cut">{url}</p>
      <p role="status">
        {state === 'waiting'
          ? 'Waiting for the interaction service to begin.'
          : `${exactCount(pagesRead)} of ${exactCount(pagesFound)} pages read, ${exactCount(failed)} problems so far.`}
      </p>
      <progress aria-label="Pages read" max={Math.max(pagesFound, 1)} value={pagesRead} />
      <p className="muted">
        All products are stored at the end. You can close this window; the import goes on without it.
      </p>
    </div>
  );
}

function Outcome({ ended, isNew }: { ended: SiteImport; isNew: boolean }) {
  const { state, failure, pagesRead, created, updated, unchanged, failed, problems } = ended;
  return (
    <section className="stack site-outcome" aria-label={isNew ? 'What was imported' : 'The import before'}>
      {!isNew && <h3>The import before</h3>}
      {state === 'failed' && (
        <p className="problem foreign" role={isNew ? 'alert' : undefined}>
          Nothing was imported: {failure}.
        </p>
      )}
      {state === 'cancelled' && <p role="status">The import was stopped. Nothing was stored.</p>}
      {state === 'done' && (
        <p role="status">
          {exactCount(pagesRead)} {pagesRead === 1 ? 'page' : 'pages'} read: {exactCount(created)}{' '}
          {created === 1 ? 'product' : 'products'} added, {exactCount(updated)} changed, {exactCount(unchanged)} the
          same as before.
        </p>
      )}
      {problems.length > 0 && (
        <>
          <h3>Not imported: {exactCount(failed)}</h3>
          <ul className="site-problems">
            {problems.map(({ url, product, field, message }, index) => (
              <li key={index}>
                <span className="mono foreign">{url}</span>
                {product !== null && `, product ${product}`}
                {field && (
                  <>
                    , <span className="mono">{field}</span>
                  </>
                )}
                : <span className="foreign">{message}</span>
              </li>
            ))}
          </ul>
          {failed > problems.length && (
            <p className="muted">The first {exactCount(problems.length)} problems are listed.</p>
          )}
        </>
      )}
    </section>
  );
}
