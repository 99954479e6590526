import { clock } from '../../format';
import { link } from '../../router';
import { Icon, type IconName } from '../../ui/icons';
import { Empty } from '../../ui/states';
import { SearchedList } from '../searched-list';
import type { ConsoleLine, Level } from './read';
import './devtools.css';

const KINDS = [
  ['all', 'All'],
  ['error', 'Errors'],
  ['warn', 'Warnings'],
] as const;

const ICONS: Record<Level, IconName> = { error: 'error', warn: 'error', info: 'setup', log: 'setup', debug: 'setup' };

interface Props {
  lines: ConsoleLine[];
  isPending: boolean;
  from: number;
  at: number;
  onSeek: (at: number) => void;
}

/** What the programs of the page wrote to the console. */
export function ConsoleList({ lines, from, ...place }: Props) {
  return (
    <SearchedList
      {...place}
      rows={lines}
      name="console lines"
      icon="setup"
      kinds={KINDS}
      isOf={({ level }, kind) => kind === 'all' || level === kind}
      textOf={({ text }) => text}
      classOf={({ level }) => `level-${level}`}
      titleOf={({ text }) => text.slice(0, 80)}
      none={
        <Empty icon="setup" title="No console output">
          Errors and warnings are recorded with the replay. For all lines, give it the option <code>console: true</code>
          : see{' '}
          <a className="link" href={link('/setup')}>
            Install
          </a>
          .
        </Empty>
      }
      row={({ at, level, text }) => (
        <>
          <span className="time number">{clock(at - from)}</span>
          <i className="dot" title={level}>
            <Icon name={ICONS[level]} size={14} />
            <span className="hidden">{level}</span>
          </i>
          <span className="grow line foreign">{text.slice(0, 400) || ' '}</span>
        </>
      )}
      details={(line) => <LineDetails line={line} />}
    />
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
