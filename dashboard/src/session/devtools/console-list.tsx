import { useMemo, useState } from 'react';
import { clock } from '../../format';
import { link } from '../../router';
import { Segments } from '../../ui/controls';
import { Icon, type IconName } from '../../ui/icons';
import { Empty } from '../../ui/states';
import { FollowedList } from '../followed-list';
import type { ConsoleLine, Level } from './read';
import './devtools.css';

type Shown = 'all' | 'error' | 'warn';

const ICONS: Record<Level, IconName> = { error: 'error', warn: 'error', info: 'setup', log: 'setup', debug: 'setup' };

interface Props {
  lines: ConsoleLine[];
  isPending: boolean;
  from: number;
  at: number;
  onSeek: (at: number) => void;
}

/** What the programs of the page wrote to the console. */
export function ConsoleList({ lines, isPending, from, at, onSeek }: Props) {
  const [shown, setShown] = useState<Shown>('all');
  const [wanted, setWanted] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const rows = useMemo(() => {
    const part = wanted.trim().toLowerCase();
    return lines.filter(
      ({ level, text }) => (shown === 'all' || level === shown) && (!part || text.toLowerCase().includes(part)),
    );
  }, [lines, shown, wanted]);
  return (
    <div className="events">
      <div className="events-head">
        <Segments
          label="Which lines"
          value={shown}
          onChange={setShown}
          options={[
            ['all', 'All'],
            ['error', 'Errors'],
            ['warn', 'Warnings'],
          ]}
        />
        <input
          className="field grow"
          type="search"
          placeholder="Search console"
          aria-label="Search console"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      </div>
      <FollowedList
        rows={rows}
        at={at}
        isPending={isPending}
        open={open}
        onOpen={setOpen}
        onSeek={onSeek}
        classOf={({ level }) => `level-${level}`}
        titleOf={({ text }) => text.slice(0, 80)}
        empty={
          lines.length ? (
            <Empty icon="setup" title="No matching lines">
              Choose “All”, or search for something else.
            </Empty>
          ) : (
            <Empty icon="setup" title="No console output">
              Errors and warnings are recorded with the replay. For all lines, give it the option{' '}
              <code>console: true</code>: see{' '}
              <a className="link" href={link('/setup')}>
                Install
              </a>
              .
            </Empty>
          )
        }
        row={({ at: time, level, text }) => (
          <>
            <span className="time number">{clock(time - from)}</span>
            <i className="dot" title={level}>
              <Icon name={ICONS[level]} size={14} />
              <span className="hidden">{level}</span>
            </i>
            <span className="grow line foreign">{text.slice(0, 400) || ' '}</span>
          </>
        )}
        details={(line) => <LineDetails line={line} />}
      />
    </div>
  );
}

/** All arguments, and where the call came from. */
function LineDetails({ line: { args, text, trace } }: { line: ConsoleLine }) {
  const shown = args.length ? args : [text];
  return (
    <pre className="data" tabIndex={0}>
      {shown.map((one) => (typeof one === 'string' ? one : JSON.stringify(one, null, 1))).join('\n')}
      {trace.length > 0 && `\n${trace.map((frame) => `\n    at ${frame}`).join('')}`}
    </pre>
  );
}
