import type { ReactNode } from 'react';
import { Problem } from '../accounts/problem';
import { Button, Dialog } from './controls';

interface Props {
  title: string;
  /** What the button says. */
  action: string;
  look: 'danger' | 'primary';
  /** What the button does. */
  change: { isPending: boolean; error: unknown; mutate: (given: undefined) => void };
  /** Nothing can be changed yet. */
  disabled?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before a change, and says why it was refused. */
export function ChangeDialog({ title, action, look, change, disabled, onClose, children }: Props) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look={look} disabled={disabled || change.isPending} onClick={() => change.mutate(undefined)}>
            {action}
          </Button>
        </>
      }
    >
      {children}
      <Problem error={change.error} />
    </Dialog>
  );
}
