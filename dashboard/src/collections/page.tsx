import { useState } from 'react';
import { serverNow } from '../api/client';
import { ago, count, fullTime } from '../format';
import { link, navigate } from '../router';
import { useTimeZone } from '../settings';
import { Button, Card } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { CollectionDialog } from './dialogs';
import { useCollections, type Collection } from './use-collections';

/** The collections of the organization. */
export default function CollectionsPage() {
  const query = useCollections();
  const [isNew, setNew] = useState(false);
  const add = (
    <Button look="primary" icon="plus" onClick={() => setNew(true)}>
      New collection
    </Button>
  );
  return (
    <div className="page">
      <div className="page-head">
        <h1>Collections</h1>
        {add}
        <p>Sessions that belong together, such as examples of one problem. Everybody in your organization sees them.</p>
      </div>
      <Card flush>
        <Loaded query={query} height={240}>
          {({ collections }) =>
            collections.length ? (
              <Table collections={collections} />
            ) : (
              <Empty icon="save" title="No collections yet" actions={add}>
                Create one. Then open a session, and press Collections beside its tags.
              </Empty>
            )
          }
        </Loaded>
      </Card>
      {isNew && (
        <CollectionDialog onDone={({ id }) => navigate(link(`/collections/${id}`))} onClose={() => setNew(false)} />
      )}
    </div>
  );
}

function Table({ collections }: { collections: Collection[] }) {
  const zone = useTimeZone();
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>Collection</th>
            <th>Note</th>
            <th className="right">Sessions</th>
            <th className="right">Made</th>
          </tr>
        </thead>
        <tbody>
          {collections.map(({ id, name, note, sessions, createdAt }) => (
            <tr key={id} data-collection={id}>
              <td>
                <a className="link foreign" href={link(`/collections/${id}`)}>
                  {name}
                </a>
              </td>
              <td data-label="Note" className="foreign long-text">
                {note || '–'}
              </td>
              <td data-label="Sessions" className="right number">
                {count(sessions)}
              </td>
              <td data-label="Made" className="right">
                <time title={fullTime(createdAt, zone)}>{ago(createdAt, serverNow(), zone)}</time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
