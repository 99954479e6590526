import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, call, get } from '../api/client';
import type { Letter } from '../api/types';
import { bytes, fullTime } from '../format';
import { useSearch } from '../router';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { Button, Card, Dialog, Segments } from '../ui/controls';
import { More, usePages } from '../ui/pages';
import { Empty, Failed, Loaded, Skeleton } from '../ui/states';
import './admin.css';

type Kind = Letter['kind'];
type Page = { letters: Letter[]; nextCursor: string | null };

export default function LettersPage() {
  const { organizationId } = useSigned();
  const [search, change] = useSearch();
  const kind = (search.get('kind') ?? 'events') as Kind;
  const path = `/admin/${organizationId}/dead-letters`;
  const [open, setOpen] = useState<Letter | null>(null);
  const query = usePages<Page>(['letters', organizationId, kind], path, { kind, limit: 50 });
  const letters = query.data?.pages.flatMap((page) => page.letters) ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>Dead letters</h1>
        <Segments
          label="Kind"
          value={kind}
          onChange={(next) => change({ kind: next })}
          options={[
            ['events', 'Events'],
            ['completions', 'Completions'],
          ]}
        />
        <p>
          Messages that could not be processed, with the reason. Fix the cause, then retry them. The bus keeps them for
          a limited time.
        </p>
      </div>
      <Card flush>
        {query.isError ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : query.isPending ? (
          <Skeleton height={200} />
        ) : !letters.length ? (
          <Empty icon="check" title="No dead letters">
            Every message was processed.
          </Empty>
        ) : (
          <LetterTable letters={letters} path={path} onOpen={setOpen} />
        )}
        <More query={query} />
      </Card>
      {open && <LetterDialog letter={open} path={path} onClose={() => setOpen(null)} />}
    </div>
  );
}

function LetterTable({ letters, path, onOpen }: { letters: Letter[]; path: string; onOpen: (letter: Letter) => void }) {
  const zone = useTimeZone();
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>Time</th>
            <th>Reason</th>
            <th>Subject</th>
            <th className="right">Attempts</th>
            <th className="right">Size</th>
            <th>
              <span className="hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {letters.map((letter) => (
            <tr key={letter.id}>
              <td data-label="Time" className="number">
                {fullTime(letter.at, zone)}
              </td>
              <td data-label="Reason">
                <button type="button" className="plain link" onClick={() => onOpen(letter)}>
                  {letter.reason}
                </button>
              </td>
              <td data-label="Subject" className="mono muted">
                {letter.subject}
              </td>
              <td data-label="Attempts" className="right">
                {letter.attempts}
              </td>
              <td data-label="Size" className="right">
                {bytes(letter.sizeBytes)}
              </td>
              <td className="right">
                <Actions letter={letter} path={path} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Actions({ letter, path, onDone }: { letter: Letter; path: string; onDone?: () => void }) {
  const client = useQueryClient();
  const [isSure, setSure] = useState(false);
  const done = () => {
    void client.invalidateQueries({ queryKey: ['letters'] });
    onDone?.();
  };
  const retry = useMutation({
    mutationFn: () => call(`${path}/${letter.id}/retry`, { method: 'POST', json: {} }),
    onSuccess: done,
  });
  const drop = useMutation({ mutationFn: () => call(`${path}/${letter.id}`, { method: 'DELETE' }), onSuccess: done });
  const error = retry.error ?? drop.error;
  return (
    <span className="row key-actions">
      {error && (
        <span className="problem" role="alert">
          {error instanceof ApiError ? error.message : 'That failed. Try again.'}
        </span>
      )}
      <Button small disabled={retry.isPending} onClick={() => retry.mutate()}>
        Retry
      </Button>
      <Button small look="danger" disabled={drop.isPending} onClick={() => (isSure ? drop.mutate() : setSure(true))}>
        {isSure ? 'Confirm' : 'Delete'}
      </Button>
    </span>
  );
}

function LetterDialog({ letter, path, onClose }: { letter: Letter; path: string; onClose: () => void }) {
  const query = useQuery({
    queryKey: ['letter', path, letter.id],
    queryFn: ({ signal }) => get<unknown>(`${path}/${letter.id}`, {}, signal),
  });
  return (
    <Dialog
      title={letter.reason}
      onClose={onClose}
      footer={
        <>
          <Actions letter={letter} path={path} onDone={onClose} />
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      <Loaded query={query} height={200}>
        {(whole) => (
          <pre className="letter" tabIndex={0}>
            {JSON.stringify(whole, null, 2)}
          </pre>
        )}
      </Loaded>
    </Dialog>
  );
}
