import { useMemo, useState } from 'react';
import type { Journeys } from '../api/types';
import { count, percent } from '../format';
import { useSearch } from '../router';
import { Card, Segments } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { BOX, isSpecial, layOut } from './journey-layout';
import { journeyTables } from './tables';
import { TileBody } from './answer-table';
import { AnalyticsPage, useAnalysis, useSessionsLink } from './page';
import { PagePicker } from './page-picker';

type Direction = 'from' | 'to';

/** Asks for the journeys of this place. */
function useJourneys() {
  const [search] = useSearch();
  const page = search.get('page') ?? '';
  const direction = (search.get('direction') ?? 'from') as Direction;
  const depth = search.get('depth') ?? '3';
  const parameters = { page: page || undefined, direction, depth };
  const query = useAnalysis<Journeys>('journeys', { ...parameters, limit: 8 });
  return { page, direction, depth, parameters, query };
}

/** Journeys in a dashboard. */
export function JourneysTile() {
  const { direction, query } = useJourneys();
  return (
    <TileBody tables={query.data && journeyTables(query.data)} measured={query.data}>
      <Loaded query={query} height={480}>
        {(data) => <Paths data={data} isBackwards={direction === 'to'} />}
      </Loaded>
    </TileBody>
  );
}

export default function JourneysPage() {
  const [, change] = useSearch();
  const { page, direction, depth, parameters, query } = useJourneys();
  return (
    <AnalyticsPage
      title="Journeys"
      measured={query.data}
      tables={query.data && journeyTables(query.data)}
      page="journeys"
      tile={{ kind: 'journeys', title: page ? `Journeys at ${page}` : 'Journeys', size: 'full', parameters }}
      about="The paths visitors take through your pages: from their first page, or before and after one page."
      actions={
        <>
          <PagePicker
            value={page}
            anyLabel={direction === 'from' ? 'From the first page' : 'To the last page'}
            onChange={(next) => change({ page: next || null })}
          />
          <Segments
            label="Direction"
            value={direction}
            onChange={(next) => change({ direction: next })}
            options={[
              ['from', 'After'],
              ['to', 'Before'],
            ]}
          />
          <Segments
            label="Steps"
            value={depth}
            onChange={(next) => change({ depth: next })}
            options={[
              ['3', '3 steps'],
              ['4', '4'],
              ['5', '5'],
            ]}
          />
        </>
      }
    >
      <Card>
        <Loaded query={query} height={480}>
          {(data) => <Paths data={data} isBackwards={direction === 'to'} />}
        </Loaded>
      </Card>
    </AnalyticsPage>
  );
}

function Paths({ data, isBackwards }: { data: Journeys; isBackwards: boolean }) {
  if (data.nodes.length) return <Flow data={data} isBackwards={isBackwards} />;
  return (
    <Empty icon="journeys" title="No journeys in this time range">
      Choose a longer time range, or another page.
    </Empty>
  );
}

function Flow({ data, isBackwards }: { data: Journeys; isBackwards: boolean }) {
  const sessionsLink = useSessionsLink();
  const [pointed, setPointed] = useState<string | null>(null);
  const { boxes, ribbons, width, height } = useMemo(() => layOut(data, isBackwards), [data, isBackwards]);
  const total = Math.max(
    1,
    boxes.filter(({ step }) => step === boxes[0]?.step).reduce((sum, { sessions }) => sum + sessions, 0),
  );
  return (
    <div className="scroll-x journeys">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="group"
        aria-label="Paths through the pages"
      >
        {ribbons.map(({ key, path, width: thickness, from, to, sessions }) => (
          <path
            key={key}
            d={path}
            strokeWidth={thickness}
            className={`ribbon ${to.page === '(exit)' ? 'exit' : ''} ${pointed && pointed !== from.key && pointed !== to.key ? 'faint' : ''}`}
          >
            <title>{`${isBackwards ? to.page : from.page} → ${isBackwards ? from.page : to.page}: ${sessions}`}</title>
          </path>
        ))}
        {boxes.map(({ key, x, y, height: tall, page, sessions }) => (
          <a
            key={key}
            href={isSpecial(page) ? sessionsLink() : sessionsLink({ url: page })}
            onPointerEnter={() => setPointed(key)}
            onPointerLeave={() => setPointed(null)}
            onFocus={() => setPointed(key)}
            onBlur={() => setPointed(null)}
          >
            <rect
              x={x}
              y={y}
              width={BOX}
              height={tall}
              rx="7"
              className={`page-box ${isSpecial(page) ? 'special' : ''}`}
            />
            <text x={x + 10} y={y + 19} className="page-name">
              {short(page)}
              <title>{page}</title>
            </text>
            <text x={x + BOX - 10} y={y + 19} textAnchor="end" className="page-sessions">
              {count(sessions)}
            </text>
            {tall > 46 && (
              <text x={x + 10} y={y + 36} className="page-share">
                {percent(sessions / total, 0)}
              </text>
            )}
          </a>
        ))}
      </svg>
    </div>
  );
}

const short = (page: string): string =>
  page === '(exit)' ? 'Exit' : page === '(entry)' ? 'Entry' : page === '(other)' ? 'Other pages' : shortened([...page]);
const shortened = (signs: string[]): string =>
  (signs.length > 19 ? [...signs.slice(0, 9), '…', ...signs.slice(-9)] : signs).join('');
