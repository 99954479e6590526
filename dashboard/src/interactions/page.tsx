import { useSearch } from '../router';
import { RangePicker } from '../sessions/range-picker';
import { Segments } from '../ui/controls';
import { Analysis } from './analysis';
import { Feed } from './feed';
import '../admin/admin.css';
import './interactions.css';

const VIEWS = [
  ['feed', 'Feed'],
  ['analysis', 'Analysis'],
] as const;

/** What happened in finished sessions, in words: one by one, or the whole range. */
export default function InteractionsPage() {
  const [search, change] = useSearch();
  const view = search.get('view') === 'analysis' ? 'analysis' : 'feed';
  return (
    <div className="page">
      <div className="page-head">
        <h1>Interactions</h1>
        <Segments
          label="View"
          value={view}
          options={VIEWS}
          onChange={(next) => change({ view: next === 'feed' ? null : next })}
        />
        <RangePicker />
        <p>What happened in finished sessions, in words. Each sentence is backed by what was recorded.</p>
      </div>
      {view === 'feed' ? <Feed /> : <Analysis />}
    </div>
  );
}
