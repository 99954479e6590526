import { useEffect, useState } from 'react';
import { useSigned } from '../signin/session';
import { Button, Dialog } from './controls';

type Key = readonly [keys: string, what: string];

const EVERYWHERE: Key[] = [
  ['?', 'Show this list'],
  ['Esc', 'Close a menu or dialog'],
];
/** Whoever sees masked data has no search of everything. */
const SEARCH: Key[] = [['Ctrl + K', 'Search sessions, interactions and products; also / on pages without a list']];
const LIST: Key[] = [
  ['/', 'Search'],
  ['j, k', 'Next, previous session'],
  ['Enter', 'Open the session'],
];
const ISSUES: Key[] = [
  ['/', 'Search'],
  ['j, k', 'Next, previous error'],
  ['Enter', 'Open the error'],
];
const PLAYER: Key[] = [
  ['Space', 'Play or pause'],
  ['← →', 'Back or forward 5 seconds'],
  ['Shift + ← →', 'Previous or next event'],
  ['f', 'Full screen'],
  ['Home, End', 'Start or end, on the timeline'],
  ['Page Up, Page Down', '30 seconds, on the timeline'],
];

/** The keyboard's shortcuts; `?` shows them. */
export function Shortcuts({ page }: { page: string }) {
  const { mayWatch } = useSigned();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (
        event.key !== '?' ||
        event.metaKey ||
        event.ctrlKey ||
        event.altKey ||
        /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
        target.closest('dialog')
      )
        return;
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
  if (!isOpen) return null;
  const close = () => setOpen(false);
  return (
    <Dialog
      title="Keyboard shortcuts"
      onClose={close}
      footer={
        <Button look="primary" onClick={close}>
          Close
        </Button>
      }
    >
      <Keys title="Everywhere" keys={mayWatch ? [...SEARCH, ...EVERYWHERE] : EVERYWHERE} />
      {page === 'sessions' && <Keys title="List of sessions" keys={LIST} />}
      {page === 'errors' && <Keys title="List of errors" keys={ISSUES} />}
      {page === 'interactions' && <Keys title="Feed of interactions" keys={LIST} />}
      {page === 'sessions' && <Keys title="Session page" keys={PLAYER} />}
    </Dialog>
  );
}

function Keys({ title, keys }: { title: string; keys: readonly Key[] }) {
  return (
    <section className="shortcuts">
      <h3>{title}</h3>
      {keys.map(([key, what]) => (
        <dl key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </dl>
      ))}
    </section>
  );
}
