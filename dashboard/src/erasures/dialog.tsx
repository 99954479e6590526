import { useState } from 'react';
import { ApiError } from '../api/client';
import type { Erasure, ErasureMode, Subject } from '../api/types';
import { exactCount } from '../format';
import { useSigned } from '../signin/session';
import { Button, Dialog } from '../ui/controls';
import { Failed, Skeleton } from '../ui/states';
import { SubjectForm } from './subject-form';
import { useErase, usePreview } from './use-erasing';
import { afterwards, consequences, foundText, MODES, nameOf, visitsText } from './words';
import './erasures.css';

interface Props {
  /** What to erase; without it, the dialog asks. */
  subject?: Subject;
  onDone: (erasure: Erasure) => void;
  onClose: () => void;
}

/** Asks what to erase, counts it, explains the consequences, and erases or anonymizes. */
export function EraseDialog({ subject: given, onDone, onClose }: Props) {
  const [subject, setSubject] = useState(given);
  const [last, setLast] = useState<Subject>();
  if (!subject) return <SubjectForm initial={last} onChosen={setSubject} onClose={onClose} />;
  const back = given ? undefined : () => (setLast(subject), setSubject(undefined));
  return <Confirm subject={subject} onBack={back} onDone={onDone} onClose={onClose} />;
}

function Confirm({ subject, onBack, onDone, onClose }: Props & { subject: Subject; onBack?: () => void }) {
  const [mode, setMode] = useState<ErasureMode>('erase');
  const preview = usePreview(subject, mode);
  const erase = useErase(subject, mode, onDone);
  const { organizationId } = useSigned();
  const [typed, setTyped] = useState('');
  const isConfirmed = !subject.organization || typed.trim() === organizationId;
  const many = preview.data?.sessions;
  return (
    <Dialog
      title={`${MODES[mode].verb} ${nameOf(subject)}?`}
      onClose={onClose}
      footer={
        <>
          {onBack && <Button onClick={onBack}>Back</Button>}
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="danger"
            disabled={many === undefined || !isConfirmed || erase.isPending}
            onClick={() => erase.mutate()}
          >
            {erase.isPending ? 'Working…' : buttonText(mode, many)}
          </Button>
        </>
      }
    >
      <ModeChoice mode={mode} onChange={setMode} />
      {preview.isError && <Failed error={preview.error} retry={() => void preview.refetch()} />}
      {preview.isPending && (
        <div role="status" aria-label="Loading the preview">
          <Skeleton height={22} />
        </div>
      )}
      {preview.data && (
        <>
          <p data-preview>
            {many ? (
              <>
                Found: <b>{foundText(preview.data)}</b>.
              </>
            ) : (
              'No stored data matches. If you continue, the receipt says that nothing was found.'
            )}
          </p>
          {visitsText(subject, preview.data.sessions) && <p>{visitsText(subject, preview.data.sessions)}</p>}
          <p>{consequences(mode)}</p>
          {afterwards(subject) && <p>{afterwards(subject)}</p>}
          {subject.organization && (
            <label className="labelled">
              <span>
                Type <b className="mono">{organizationId}</b> to confirm
              </span>
              <input
                className="field mono"
                value={typed}
                autoComplete="off"
                onChange={(event) => setTyped(event.target.value)}
              />
            </label>
          )}
        </>
      )}
      {erase.error && (
        <p className="problem" role="alert">
          {erase.error instanceof ApiError
            ? erase.error.message
            : 'The request failed. Check the list of erasures before you try again.'}
        </p>
      )}
    </Dialog>
  );
}

function ModeChoice({ mode, onChange }: { mode: ErasureMode; onChange: (mode: ErasureMode) => void }) {
  return (
    <fieldset className="scopes">
      <legend className="hidden">What to do</legend>
      {(Object.keys(MODES) as ErasureMode[]).map((value) => (
        <label key={value} className="check explained">
          <input type="radio" name="mode" checked={mode === value} onChange={() => onChange(value)} />
          <span>
            <b>{MODES[value].verb}</b> <span className="muted">{MODES[value].about}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function buttonText(mode: ErasureMode, many: number | undefined): string {
  const { verb } = MODES[mode];
  return many ? `${verb} ${exactCount(many)} ${many === 1 ? 'session' : 'sessions'}` : verb;
}
