import { useId, useState, type FormEvent, type ReactNode } from 'react';
import type { Subject } from '../api/types';
import { localInput } from '../format';
import { useSigned } from '../signin/session';
import { Button, Dialog } from '../ui/controls';
import { kindOfSubject, subjectOf, type Kind } from './subject';

const KINDS: [Kind, string][] = [
  ['sessions', 'Sessions'],
  ['userId', 'A user'],
  ['visitorId', 'A visitor'],
  ['time', 'A time range'],
  ['property', 'A user trait'],
  ['organization', 'The whole organization'],
];

interface Props {
  /** What was chosen before, after “Back”. */
  initial?: Subject;
  onChosen: (subject: Subject) => void;
  onClose: () => void;
}

/** The first step: what to erase. */
export function SubjectForm({ initial, onChosen, onClose }: Props) {
  const { organizationId } = useSigned();
  const [kind, setKind] = useState<Kind>(kindOfSubject(initial));
  const [problem, setProblem] = useState('');
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const subject = subjectOf(kind, new FormData(event.currentTarget), organizationId);
    if (typeof subject === 'string') setProblem(subject);
    else onChosen(subject);
  };
  return (
    <Dialog
      title="New erasure"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={id}>
            Preview
          </Button>
        </>
      }
    >
      <form className="stack" id={id} onSubmit={submit} onChange={() => setProblem('')}>
        <label className="labelled">
          What to erase
          <select className="field" value={kind} onChange={({ target }) => setKind(target.value as Kind)}>
            {KINDS.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <Fields kind={kind} initial={initial} />
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <p className="muted">Nothing is erased yet. The preview shows how many sessions match.</p>
      </form>
    </Dialog>
  );
}

function Fields({ kind, initial }: { kind: Kind; initial?: Subject }) {
  switch (kind) {
    case 'sessions':
      return (
        <Labelled label="Session ids" about="One per line, at most 1,000. All visits with these ids are erased.">
          <textarea
            className="field mono"
            name="sessions"
            rows={4}
            spellCheck={false}
            defaultValue={initial?.sessions?.join('\n')}
          />
        </Labelled>
      );
    case 'userId':
      return (
        <Labelled label="User id" about="Exactly as your pages send it. All sessions of this user are erased.">
          <input className="field mono" name="userId" autoComplete="off" defaultValue={initial?.userId ?? ''} />
        </Labelled>
      );
    case 'visitorId':
      return (
        <Labelled label="Visitor id" about="As on the page of a session. It means one browser or installed app.">
          <input className="field mono" name="visitorId" autoComplete="off" defaultValue={initial?.visitorId ?? ''} />
        </Labelled>
      );
    case 'time':
      return <TimeFields initial={initial?.time} />;
    case 'property':
      return (
        <div className="two-fields">
          <Labelled label="Trait" about="As set with identify().">
            <input className="field mono" name="name" autoComplete="off" defaultValue={initial?.property?.name} />
          </Labelled>
          <Labelled label="Value" about="Exact match; numbers are compared as text.">
            <input className="field mono" name="value" autoComplete="off" defaultValue={initial?.property?.value} />
          </Labelled>
        </div>
      );
    case 'organization':
      return <p>All sessions of all visitors. Keys and settings stay.</p>;
  }
}

function TimeFields({ initial }: { initial?: Subject['time'] }) {
  return (
    <div className="stack">
      <div className="two-fields">
        <Labelled label="From">
          <input
            className="field"
            type="datetime-local"
            name="from"
            defaultValue={initial ? localInput(initial.from) : ''}
          />
        </Labelled>
        <Labelled label="To">
          <input
            className="field"
            type="datetime-local"
            name="to"
            defaultValue={initial ? localInput(initial.to) : ''}
          />
        </Labelled>
      </div>
      <small className="muted">
        In this computer’s time zone. A session with any activity in this range is erased completely.
      </small>
    </div>
  );
}

function Labelled({ label, about, children }: { label: string; about?: string; children: ReactNode }) {
  return (
    <label className="labelled">
      {label}
      {children}
      {about && <small>{about}</small>}
    </label>
  );
}
