import { useState, type FormEvent } from 'react';
import { Problem } from '../accounts/problem';
import type { Note, Session } from '../api/types';
import { ago, clock, fullTime } from '../format';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { Button } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { useAddNote, useChangeNote, useNotes, useRemoveNote } from './use-kept';
import './kept.css';

const MAX_NOTE = 2_000;

interface Place {
  session: Session;
  /** The start of the session. */
  from: number;
  at: number;
  onSeek: (at: number) => void;
}

/** The notes of a session, and a form for the moment that is shown. */
export function Notes(place: Place) {
  const notes = useNotes(place.session);
  return (
    <div className="notes">
      <AddNote {...place} />
      <div className="notes-scroll">
        <Loaded query={notes} height={80}>
          {({ notes: found }) =>
            found.length ? (
              <ol aria-label="Notes">
                {found.map((note) => (
                  <Row key={note.id} note={note} {...place} />
                ))}
              </ol>
            ) : (
              <Empty icon="input" title="No notes yet">
                A note belongs to a moment. People in your organization who may watch this session see it.
              </Empty>
            )
          }
        </Loaded>
      </div>
    </div>
  );
}

function AddNote({ session, from, at }: Place) {
  const add = useAddNote(session);
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() && !add.isPending)
      add.mutate({ at: Math.round(at), text: text.trim() }, { onSuccess: () => setText('') });
  };
  return (
    <form className="note-form" onSubmit={submit}>
      <label className="labelled">
        <span>
          Note at <b className="number">{clock(at - from)}</b>
        </span>
        <textarea
          className="field"
          name="note"
          rows={2}
          maxLength={MAX_NOTE}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <Problem error={add.error} />
      <Button type="submit" look="primary" small disabled={add.isPending || !text.trim()}>
        Add note
      </Button>
    </form>
  );
}

function Row({ note, session, from, onSeek }: Place & { note: Note }) {
  const zone = useTimeZone();
  const { isAdmin } = useSigned();
  const remove = useRemoveNote(session);
  const [isEditing, setEditing] = useState(false);
  return (
    <li className="note" data-note={note.id}>
      <div className="row">
        <button type="button" className="badge accent number" onClick={() => onSeek(note.at)} title="Go to this moment">
          {clock(note.at - from)}
        </button>
        <b className="cut foreign">{note.authorName ?? note.authorId}</b>
        <time className="muted" title={fullTime(note.updatedAt, zone)}>
          {ago(note.createdAt, Date.now(), zone)}
          {note.updatedAt !== note.createdAt && ', edited'}
        </time>
        {note.isOwn && (
          <Button small look="quiet" aria-expanded={isEditing} onClick={() => setEditing(!isEditing)}>
            Edit
          </Button>
        )}
        {(note.isOwn || isAdmin) && (
          <Button
            small
            look="quiet"
            icon="close"
            label={`Remove the note at ${clock(note.at - from)}`}
            disabled={remove.isPending}
            onClick={() => remove.mutate(note.id)}
          />
        )}
      </div>
      {isEditing ? (
        <EditNote note={note} session={session} onDone={() => setEditing(false)} />
      ) : (
        <p className="foreign">{note.text}</p>
      )}
      <Problem error={remove.error} />
    </li>
  );
}

function EditNote({ note, session, onDone }: { note: Note; session: Session; onDone: () => void }) {
  const change = useChangeNote(session);
  const [text, setText] = useState(note.text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) change.mutate({ id: note.id, text: text.trim() }, { onSuccess: onDone });
  };
  return (
    <form className="note-form" onSubmit={submit}>
      <textarea
        className="field"
        aria-label="Text of the note"
        rows={3}
        maxLength={MAX_NOTE}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Problem error={change.error} />
      <div className="row">
        <Button type="submit" look="primary" small disabled={change.isPending || !text.trim()}>
          Save
        </Button>
        <Button small onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
