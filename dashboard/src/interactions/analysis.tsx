import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call } from '../api/client';
import type { RangeAnalysis } from '../api/types';
import { dateTime, exactCount } from '../format';
import { link, useSearch } from '../router';
import { useFilters } from '../sessions/filters';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { Card } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { shownBy, type Shown } from './about';
import { CountTable, ProductTable } from './analysis-tables';
import { authorOf, INTENTS, wordsOf } from './read';
import { pathOf } from './use-interactions';

/** The interactions of the chosen range, counted and put into words by the server. */
export function Analysis() {
  const { organizationId } = useSigned();
  const { from, to } = useFilters().times;
  const path = `${pathOf(organizationId)}/analyze`;
  const query = useQuery({
    queryKey: ['interactions', path, from, to],
    queryFn: ({ signal }) => call<RangeAnalysis>(path, { method: 'POST', json: { from, to }, signal }),
  });
  return (
    <Loaded query={query} height={420}>
      {(analysis) =>
        analysis.numbers.total || analysis.numbers.bots ? <Told analysis={analysis} /> : <NothingToAnalyze />
      }
    </Loaded>
  );
}

const NothingToAnalyze = () => (
  <Empty icon="letters" title="Nothing to analyze">
    No session ended in this time range. Choose a longer one.
  </Empty>
);

/** A link to the feed of the same range, with a filter. */
function useFeedLink(): (shown: Shown) => string {
  const [search] = useSearch();
  const range = { from: search.get('from'), to: search.get('to'), range: search.get('range') };
  return (shown) => link('/interactions', { ...range, ...shown });
}

const intentOf = (name: string): string => INTENTS.find(([intent]) => intent === name)?.[1] ?? wordsOf(name);

function Told({ analysis }: { analysis: RangeAnalysis }) {
  const { summary, summarySource, insights, anomalies, recommendations, numbers, from, to } = analysis;
  const { total, intents, tags, products, bots } = numbers;
  const zone = useTimeZone();
  const feed = useFeedLink();
  return (
    <div className="analysis">
      <Card className="wide" title="Summary">
        <p className="told foreign">{summary}</p>
        <p className="muted">
          <span className="foreign" title={summarySource}>
            {authorOf(summarySource)}
          </span>
          , {dateTime(from, zone)} to {dateTime(to, zone)}. {bots > 0 && `Bots not counted: ${exactCount(bots)}.`}
        </p>
      </Card>
      <Findings
        title="What to look at"
        none="No problem is frequent in this range."
        items={recommendations.map(({ text, tag }) => ({ text, shown: { tag } }))}
      />
      <Findings
        title="Anomalies"
        none="Nothing differs clearly from the range before or from the other days."
        items={anomalies.map(({ text, about }) => ({ text, shown: shownBy(about) }))}
      />
      <Findings
        title="Insights"
        none="There are too few interactions to say more."
        items={insights.map(({ text, about }) => ({ text, shown: shownBy(about) }))}
      />
      <Card title="Intent" flush>
        <CountTable head="Intent" rows={intents} total={total} nameOf={intentOf} to={(intent) => feed({ intent })} />
      </Card>
      <Card title="Tags" flush>
        <CountTable head="Tag" rows={tags} total={total} nameOf={wordsOf} to={(tag) => feed({ tag })} />
      </Card>
      <Card title="Products" flush>
        <ProductTable products={products} to={(product) => feed({ product })} />
      </Card>
    </div>
  );
}

interface FindingsProps {
  title: string;
  none: ReactNode;
  items: { text: string; shown: Shown | null }[];
}

function Findings({ title, none, items }: FindingsProps) {
  const feed = useFeedLink();
  return (
    <Card title={title}>
      {items.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <ul className="findings">
          {items.map(({ text, shown }) => (
            <li key={text}>
              <span className="foreign">{text}</span>
              {shown && (
                <a className="link" href={feed(shown)} aria-label={`Show interactions: ${text.slice(0, 80)}`}>
                  Show interactions
                </a>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
