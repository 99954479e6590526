import { useState } from 'react';
import { ApiError } from '../api/client';
import type { Erasure, Subject } from '../api/types';
import { exactCount } from '../format';
import { useSigned } from '../signin/session';
import { Button, Dialog } from '../ui/controls';
import { Failed, Skeleton } from '../ui/states';
import { SubjectForm } from './subject-form';
import { useErase, usePreview } from './use-erasing';
import { afterwards, CONSEQUENCES, foundText, nameOf, visitsText } from './words';
import './erasures.css';

interface Props {
  /** What to erase; without it, the dialog asks. */
  subject?: Subject;
  onDone: (erasure: Erasure) => void;
  onClose: () => void;
}

/** Asks what to erase, counts it, explains the consequences, and erases. */
export function EraseDialog({ subject: given, onDone, onClose }: Props) {
  const [subject, setSubject] = useState(given);
  const [last, setLast] = useState<Subject>();
  if (!subject) return <SubjectForm initial={last} onChosen={setSubject} onClose={onClose} />;
  const back = given ? undefined : () => (setLast(subject), setSubject(undefined));
  return <Confirm subject={subject} onBack={back} onDone={onDone} onClose={onClose} />;
}

function Confirm({ subject, onBack, onDone, onClose }: Props & { subject: Subject; onBack?: () => void }) {
  const preview = usePreview(subject);
  const erase = useErase(subject, onDone);
  const { organizationId } = useSigned();
  const [typed, setTyped] = useState('');
  const isConfirmed = !subject.organization || typed.trim() === organizationId;
  const many = preview.data?.sessions;
  return (
    <Dialog
      title={`Erase ${nameOf(subject)}?`}
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
            {erase.isPending ? 'Erasing…' : buttonText(many)}
          </Button>
        </>
      }
    >
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
              'No stored data matches. If you erase anyway, the receipt says that nothing was found.'
            )}
          </p>
          {visitsText(subject, preview.data.sessions) && <p>{visitsText(subject, preview.data.sessions)}</p>}
          <p>{CONSEQUENCES}</p>
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

function buttonText(many: number | undefined): string {
  if (!many) return 'Erase';
  return many === 1 ? 'Erase 1 session' : `Erase ${exactCount(many)} sessions`;
}
