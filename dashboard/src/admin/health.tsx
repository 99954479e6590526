import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { get } from '../api/client';
import type { Health } from '../api/types';
import { bytes, count, exactCount, fullTime } from '../format';
import { link } from '../router';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { TimeChart } from '../ui/chart';
import { Card } from '../ui/controls';
import { Loaded } from '../ui/states';
import { UsageCard } from './usage';
import '../analytics/analytics.css';
import './admin.css';

/** A partition that is further behind than this is worth a look, in messages. */
const BEHIND = 1_000;

export default function HealthPage() {
  const { organizationId } = useSigned();
  const query = useQuery({
    queryKey: ['health', organizationId],
    queryFn: ({ signal }) => get<Health>(`/admin/${organizationId}/health`, {}, signal),
    refetchInterval: 5_000,
  });
  return (
    <div className="page">
      <div className="page-head">
        <h1>Health</h1>
        <p>What arrives, whether it is processed, and how much is stored. Updated every five seconds.</p>
      </div>
      <Loaded query={query} height={520}>
        {(data) => <Vital data={data} />}
      </Loaded>
      <UsageCard />
    </div>
  );
}

function Vital({ data }: { data: Health }) {
  const zone = useTimeZone();
  const { deadLetters, storage, partitions, keepers, ingest } = data;
  const now = Date.now();
  const alive = keepers.filter(({ aliveUntil }) => aliveUntil > now).length;
  const lag = partitions.reduce((sum, partition) => sum + (partition.lag ?? 0), 0);
  const dead = deadLetters ? deadLetters.events + deadLetters.completions : undefined;
  const orphans = partitions.filter(({ owner }) => !owner).length;
  const times = useMemo(() => ingest.eventsPerMinute.map(({ t }) => t), [ingest]);
  const series = useMemo(
    () => [{ label: 'Events per minute', color: '--accent', values: ingest.eventsPerMinute.map((each) => each.count) }],
    [ingest],
  );
  return (
    <div className="stack">
      <div className="tiles health-tiles">
        <Tile label="Keepers alive" value={`${alive} of ${keepers.length}`} look={alive ? 'green' : 'red'} />
        <Tile label="Messages waiting" value={count(lag)} look={lag > BEHIND ? 'amber' : 'green'} />
        <Tile label="Partitions without an owner" value={String(orphans)} look={orphans ? 'red' : 'green'} />
        <Tile
          label="Dead letters"
          value={dead === undefined ? 'unknown' : count(dead)}
          look={dead === 0 ? 'green' : 'amber'}
          href={link('/letters')}
        />
        <Tile label="Stored" value={bytes(storage.archiveBytes + storage.packBytes)} look="" />
      </div>
      <Card title="Ingest">
        {times.length ? (
          <TimeChart times={times} series={series} timeZone={zone} bucketMs={60_000} height={190} />
        ) : (
          <p className="muted">No events arrived recently.</p>
        )}
        <p className="muted small-text">
          {ingest.firstEventAt ? `First event: ${fullTime(ingest.firstEventAt, zone)}` : 'No event has arrived yet.'}
        </p>
      </Card>
      <div className="grid">
        <Card className="two-thirds" title="Partitions" flush>
          <div className="scroll-x">
            <table className="table cards">
              <thead>
                <tr>
                  <th>Partition</th>
                  <th>Owner</th>
                  <th className="right">Epoch</th>
                  <th className="right">Checkpoint</th>
                  <th className="right">Waiting</th>
                </tr>
              </thead>
              <tbody>
                {partitions.map(({ id, owner, epoch, checkpoint, lag: waiting }) => (
                  <tr key={id}>
                    <td data-label="Partition" className="number">
                      {id}
                    </td>
                    <td data-label="Owner" className="mono">
                      {owner ?? <span className="badge red">none</span>}
                    </td>
                    <td data-label="Epoch" className="right">
                      {epoch}
                    </td>
                    <td data-label="Checkpoint" className="right">
                      {exactCount(checkpoint)}
                    </td>
                    <td data-label="Waiting" className="right">
                      {typeof waiting !== 'number' ? (
                        'unknown'
                      ) : (
                        <span className={`badge ${waiting > BEHIND ? 'amber' : ''}`}>{count(waiting)}</span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Card>
        <Card className="third" title="Storage">
          <dl className="figures">
            <dt>Archives</dt>
            <dd>{bytes(storage.archiveBytes)}</dd>
            <dt>Packs (not yet archived)</dt>
            <dd>{bytes(storage.packBytes)}</dd>
            <dt>Sessions</dt>
            <dd>{exactCount(storage.sessions)}</dd>
            <dt>Events</dt>
            <dd>{exactCount(storage.events)}</dd>
            <dt>Chunks</dt>
            <dd>{exactCount(storage.chunks)}</dd>
            {storage.sessions > 0 && (
              <>
                <dt>Average per session</dt>
                <dd>{bytes((storage.archiveBytes + storage.packBytes) / storage.sessions)}</dd>
              </>
            )}
          </dl>
        </Card>
      </div>
    </div>
  );
}

function Tile({ label, value, look, href }: { label: string; value: string; look: string; href?: string }) {
  const content = (
    <>
      <span className="muted">{label}</span>
      <b className="number">{value}</b>
      <i className={`state ${look}`} aria-hidden="true" />
    </>
  );
  return href ? (
    <a className="tile" href={href}>
      {content}
    </a>
  ) : (
    <div className="tile">{content}</div>
  );
}
