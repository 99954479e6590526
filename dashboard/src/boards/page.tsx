import { useState, type FormEvent } from 'react';
import { Problem } from '../accounts/problem';
import { serverNow } from '../api/client';
import { ago, fullTime } from '../format';
import { link, navigate } from '../router';
import { useTimeZone } from '../settings';
import { Button, Card, Dialog } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import type { ListedDashboard } from './types';
import { useBoards, useCreate } from './use-boards';

/** The dashboards that one sees. */
export default function DashboardsPage() {
  const boards = useBoards();
  const [isNew, setNew] = useState(false);
  const add = (
    <Button look="primary" icon="plus" onClick={() => setNew(true)}>
      New dashboard
    </Button>
  );
  return (
    <div className="page">
      <div className="page-head">
        <h1>Dashboards</h1>
        {add}
        <p>Numbers and charts of several pages, side by side: for yourself, or shared with your organization.</p>
      </div>
      <Card flush>
        <Loaded query={boards} height={240}>
          {({ dashboards }) =>
            dashboards.length ? (
              <Table dashboards={dashboards} />
            ) : (
              <Empty icon="dashboard" title="No dashboards yet" actions={add}>
                Create one here, then choose its tiles. Each analytics page also has a button that adds what it shows.
              </Empty>
            )
          }
        </Loaded>
      </Card>
      {isNew && <NewDashboard onClose={() => setNew(false)} />}
    </div>
  );
}

function Table({ dashboards }: { dashboards: ListedDashboard[] }) {
  const zone = useTimeZone();
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>Dashboard</th>
            <th>Visible to</th>
            <th>Owner</th>
            <th className="right">Tiles</th>
            <th className="right">Changed</th>
          </tr>
        </thead>
        <tbody>
          {dashboards.map(({ id, name, isShared, isOwn, ownerName, tiles, updatedAt }) => (
            <tr key={id} data-dashboard={id}>
              <td>
                <a className="link foreign" href={link(`/dashboards/${id}`)}>
                  {name}
                </a>
              </td>
              <td data-label="Visible to">
                {isShared ? <span className="badge green">organization</span> : <span className="badge">only you</span>}
              </td>
              <td data-label="Owner" className="foreign">
                {isOwn ? 'you' : (ownerName ?? '–')}
              </td>
              <td data-label="Tiles" className="right number">
                {tiles}
              </td>
              <td data-label="Changed" className="right">
                <time title={fullTime(updatedAt, zone)}>{ago(updatedAt, serverNow(), zone)}</time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NewDashboard({ onClose }: { onClose: () => void }) {
  const create = useCreate();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const draft = { isShared: form.has('shared'), lastHours: null, where: [], tiles: [] };
    create.mutate(
      { ...draft, name: String(form.get('name')).trim() },
      { onSuccess: ({ id }) => navigate(link(`/dashboards/${id}`)) },
    );
  };
  return (
    <Dialog
      title="New dashboard"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="new-dashboard" disabled={create.isPending}>
            Create
          </Button>
        </>
      }
    >
      <form id="new-dashboard" className="stack" onSubmit={submit}>
        <label className="labelled">
          Name
          <input className="field" name="name" required maxLength={100} placeholder="Checkout" autoComplete="off" />
        </label>
        <label className="check">
          <input type="checkbox" name="shared" /> Share with the organization
        </label>
        <Problem error={create.error} />
      </form>
    </Dialog>
  );
}
