import { useEffect, useRef, useState } from 'react';
import { hold, type Hold } from '../router';
import { Button, Dialog } from '../ui/controls';

/** Asks before a page with unsaved changes is left, within the app and by closing the tab. */
export function Unsaved({ isDirty }: { isDirty: boolean }) {
  const [isAsking, setAsking] = useState(false);
  const held = useRef<Hold | null>(null);
  useEffect(() => {
    if (!isDirty) return;
    const holding = hold(() => setAsking(true));
    held.current = holding;
    const closing = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', closing);
    return () => {
      holding.release();
      window.removeEventListener('beforeunload', closing);
    };
  }, [isDirty]);
  if (!isAsking) return null;
  // The dialog closes in any case. Unless the page is left, its address comes back.
  const stay = () => {
    setAsking(false);
    held.current?.stay();
  };
  const leave = () => {
    setAsking(false);
    held.current?.leave();
  };
  return (
    <Dialog
      title="Leave without saving?"
      onClose={stay}
      footer={
        <>
          <Button onClick={leave} look="danger">
            Leave
          </Button>
          <Button look="primary" onClick={stay} autoFocus>
            Stay
          </Button>
        </>
      }
    >
      <p>You have unsaved changes.</p>
    </Dialog>
  );
}
