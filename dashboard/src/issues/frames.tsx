import type { Frame, Original, Stack } from '../api/types';
import { useSigned } from '../signin/session';
import { CopyButton } from '../ui/controls';
import './issues.css';

const KINDS: Record<string, string> = {
  library: 'library',
  extension: 'browser extension',
  sdk: 'CROW SDK',
  native: 'browser',
  evaluated: 'evaluated',
};

/** The frames of a stack. Where a source map says where their code is from, with some lines of it; those of the first frame open. */
export function Frames({ frames }: { frames: Frame[] }) {
  const first = frames.findIndex(({ original }) => original?.context.length);
  return (
    <ol className="frames">
      {frames.map((frame, index) => (
        <FrameRow key={index} frame={frame} isOpen={index === first} />
      ))}
    </ol>
  );
}

const placeOf = (parts: (string | number | null | undefined)[]): string =>
  parts.filter((part) => part !== null && part !== undefined).join(':');

function FrameRow({ frame, isOpen }: { frame: Frame; isOpen: boolean }) {
  const { kind, url, line, column, original } = frame;
  const place = placeOf([url || (kind === 'native' ? 'built into the browser' : 'no file'), line, column]);
  return (
    <li className={kind === 'app' ? 'app' : 'other'} data-frame={kind}>
      <b className="mono foreign">{original?.function || frame.function || 'anonymous'}</b>
      <span className="mono foreign grow" title={original ? place : undefined}>
        {original ? placeOf([original.source, original.line, original.column]) : place}
      </span>
      {kind !== 'app' && <span className="badge">{KINDS[kind] ?? kind}</span>}
      {original && original.context.length > 0 && <Source original={original} isOpen={isOpen} />}
    </li>
  );
}

function Source({ original, isOpen }: { original: Original; isOpen: boolean }) {
  return (
    <details className="source" open={isOpen}>
      <summary>Source</summary>
      <pre tabIndex={0} aria-label={`Source around line ${original.line}`}>
        {original.context.map(({ number, text }) => (
          <code key={number} className={number === original.line ? 'foreign at' : 'foreign'}>
            <i>{number}</i>
            {`${text}\n`}
          </code>
        ))}
      </pre>
    </details>
  );
}

/** A release comes from pages and their visitors: only what a shell takes as one word gets into a line to copy. */
const WORD = /^\w[\w.+@-]*$/;

/** Says which scripts lack a source map, and what to do. */
export function MissingMaps({ stack }: { stack: Stack }) {
  const { organizationId } = useSigned();
  const { missingMaps, release } = stack;
  if (!missingMaps.length) return null;
  const word = WORD.test(release) ? release : '<release>';
  const command = `CROW_API_KEY=crow_… crow sourcemaps upload dist --release ${word} --org ${organizationId} --url ${location.origin}`;
  return (
    <div className="missing-maps">
      <p>
        Source map missing for release <b className="foreign">{release || 'unknown'}</b>:{' '}
        <span className="mono foreign">{missingMaps.join(', ')}</span>. Run this where your site is built:
      </p>
      <p className="row">
        <code className="grow">{command}</code>
        <CopyButton text={command} />
      </p>
    </div>
  );
}
