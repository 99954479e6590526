import { useState } from 'react';
import { flushSync } from 'react-dom';
import type { Session, Subject } from '../api/types';
import { link, navigate } from '../router';
import { useSigned } from '../signin/session';
import { Button, Popover } from '../ui/controls';
import { Icon } from '../ui/icons';
import { tell } from '../ui/toast';
import { EraseDialog } from './dialog';

/** Leaves for the list, because what was shown here is gone. */
function leave(text: string): void {
  navigate(link('/sessions'), { replace: true });
  document.getElementById('main')?.focus();
  tell(text, { href: link('/erasures'), label: 'Receipts' });
}

const whatOf = ({ userId, visitorId }: Subject) =>
  userId ? 'The user’s data' : visitorId ? 'The visitor’s data' : 'The session';

const doneText = (mode: string, what: string) => `${what} is ${mode === 'anonymize' ? 'anonymized' : 'erased'}.`;

/** Deletes the session, or everything of its user or visitor. Only admins see it. */
export function DeleteMenu({ session: { id, sessionId, userId, visitorId, generations } }: { session: Session }) {
  const { isAdmin } = useSigned();
  const [subject, setSubject] = useState<Subject>();
  const visits = generations?.length ?? 1;
  if (!isAdmin) return null;
  const ask = (close: () => void, next: Subject) => {
    // The focus is back on the button, where the dialog returns it.
    flushSync(close);
    setSubject(next);
  };
  return (
    <>
      <Popover
        side="right"
        title="Delete"
        button={(open, isOpen) => <Button icon="erase" label="Delete" onClick={open} aria-expanded={isOpen} />}
      >
        {(close) => (
          <>
            <button type="button" className="item" onClick={() => ask(close, { sessions: [id] })}>
              <Icon name="erase" size={16} /> {visits > 1 ? 'Delete this visit…' : 'Delete this session…'}
            </button>
            {visits > 1 && (
              <button type="button" className="item" onClick={() => ask(close, { sessions: [sessionId] })}>
                <Icon name="sessions" size={16} /> Delete all {visits} visits of this session…
              </button>
            )}
            {userId && (
              <button type="button" className="item" onClick={() => ask(close, { userId })}>
                <Icon name="user" size={16} /> Delete this user’s data…
              </button>
            )}
            {!userId && visitorId && (
              <button type="button" className="item" onClick={() => ask(close, { visitorId })}>
                <Icon name="user" size={16} /> Delete this visitor’s data…
              </button>
            )}
          </>
        )}
      </Popover>
      {subject && (
        <EraseDialog
          subject={subject}
          onClose={() => setSubject(undefined)}
          onDone={({ mode }) => leave(doneText(mode, whatOf(subject)))}
        />
      )}
    </>
  );
}

interface Person {
  userId: string | undefined;
  visitorId: string | undefined;
}

/** Deletes everything of the user or visitor that the list is filtered by. Only admins see it. */
export function DeletePerson({ userId, visitorId }: Person) {
  const subject = userId ? { userId } : visitorId ? { visitorId } : undefined;
  const { isAdmin } = useSigned();
  const [isAsking, setAsking] = useState(false);
  if (!isAdmin || !subject) return null;
  return (
    <>
      <Button small look="danger" icon="erase" onClick={() => setAsking(true)}>
        {userId ? 'Delete this user’s data' : 'Delete this visitor’s data'}
      </Button>
      {isAsking && (
        <EraseDialog
          subject={subject}
          onClose={() => setAsking(false)}
          onDone={({ mode }) => (setAsking(false), leave(doneText(mode, whatOf(subject))))}
        />
      )}
    </>
  );
}
