import { useState } from 'react';
import { Problem } from '../accounts/problem';
import { serverNow } from '../api/client';
import type { Session, SessionPage } from '../api/types';
import { ago, count, duration, fullTime, pathOf } from '../format';
import { link, navigate, usePlace } from '../router';
import { Signals } from '../sessions/columns';
import { nameOf } from '../sessions/visitor';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { Button, Card } from '../ui/controls';
import { More, usePages } from '../ui/pages';
import { Empty, Failed, Loaded } from '../ui/states';
import { tell } from '../ui/toast';
import { CollectionDialog, RemoveCollection } from './dialogs';
import { useCollect, useCollections, type Collection } from './use-collections';

const PAGE = 50;

/** One collection with its sessions. */
export default function CollectionPage() {
  const { parts } = usePlace();
  const query = useCollections();
  return (
    <div className="page">
      <Loaded query={query} height={240}>
        {({ collections }) => {
          const found = collections.find(({ id }) => id === parts[1]);
          return found ? <Whole collection={found} /> : <Unknown />;
        }}
      </Loaded>
    </div>
  );
}

function Unknown() {
  return (
    <Empty
      title="Collection not found"
      actions={<Button onClick={() => navigate(link('/collections'))}>Show collections</Button>}
    >
      Somebody may have removed it.
    </Empty>
  );
}

function Whole({ collection }: { collection: Collection }) {
  const [open, setOpen] = useState<'edit' | 'remove' | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <div className="page-head">
        <a className="button quiet" href={link('/collections')}>
          All collections
        </a>
        <h1 className="foreign cut">{collection.name}</h1>
        <a className="button" href={link('/sessions', { collection: collection.id, range: '90d' })}>
          Show the last 90 days in Sessions
        </a>
        <Button onClick={() => setOpen('edit')}>Edit</Button>
        <Button look="quiet" icon="erase" onClick={() => setOpen('remove')}>
          Remove
        </Button>
        {collection.note && <p className="foreign">{collection.note}</p>}
      </div>
      <Card flush>
        <Sessions collection={collection} />
      </Card>
      {open === 'edit' && <CollectionDialog collection={collection} onDone={close} onClose={close} />}
      {open === 'remove' && (
        <RemoveCollection
          collection={collection}
          onDone={() => {
            tell('The collection is removed.');
            navigate(link('/collections'), { replace: true });
          }}
          onClose={close}
        />
      )}
    </>
  );
}

/** Its sessions of all times, newest first. */
function Sessions({ collection: { id } }: { collection: Collection }) {
  const { organizationId } = useSigned();
  const key = ['sessions', organizationId, 'collection', id];
  const query = usePages<SessionPage>(key, `/sessions/${organizationId}`, { collection: id, limit: PAGE });
  const sessions = query.data?.pages.flatMap((page) => page.sessions) ?? [];
  if (query.isError && !query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.isSuccess && !sessions.length)
    return (
      <Empty
        icon="save"
        title="No sessions in this collection"
        actions={<Button onClick={() => navigate(link('/sessions'))}>Show sessions</Button>}
      >
        Open a session, press Collections beside its tags, and choose this one. A session that is erased or expires is
        removed from its collections.
      </Empty>
    );
  return (
    <div className="scroll-x">
      <table className="table cards" aria-busy={query.isPending}>
        <thead>
          <tr>
            <th>Session</th>
            <th>Signals</th>
            <th className="right">Duration</th>
            <th className="right">Pages</th>
            <th className="right">Started</th>
            <th>
              <span className="hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <Row key={session.id} session={session} collection={id} />
          ))}
        </tbody>
      </table>
      <More query={query} />
    </div>
  );
}

function Row({ session, collection }: { session: Session; collection: string }) {
  const zone = useTimeZone();
  const collect = useCollect(session.id);
  const name = nameOf(session);
  return (
    <tr data-session={session.id}>
      <td>
        <a className="link foreign" href={link(`/sessions/${session.id}`)}>
          {name}
        </a>
        <small className="muted foreign cut long-text">{session.initialUrl && pathOf(session.initialUrl)}</small>
      </td>
      <td data-label="Signals">
        <Signals session={session} />
      </td>
      <td data-label="Duration" className="right number">
        {duration(session.durationMs)}
      </td>
      <td data-label="Pages" className="right number">
        {count(session.counts.pageviews)}
      </td>
      <td data-label="Started" className="right">
        <time title={fullTime(session.startedAt, zone)}>{ago(session.startedAt, serverNow(), zone)}</time>
      </td>
      <td className="right">
        <Button
          small
          aria-label={`Take out ${name}`}
          disabled={collect.isPending}
          onClick={() => collect.mutate({ id: collection, isIn: false })}
        >
          Take out
        </Button>
        <Problem error={collect.error} />
      </td>
    </tr>
  );
}
