import { Button, Dialog } from '../ui/controls';

interface Props {
  days: string;
  onConfirmed: () => void;
  onClose: () => void;
}

/** Asks before settings are saved that erase sessions by their age. */
export function ConfirmRetention({ days, onConfirmed, onClose }: Props) {
  return (
    <Dialog
      title="Erase old sessions?"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" onClick={onConfirmed}>
            Save and erase
          </Button>
        </>
      }
    >
      <p>
        Sessions whose last event is more than {days} {days === '1' ? 'day' : 'days'} ago will be erased, starting
        within the hour. This cannot be undone. Backups keep copies until they expire.
      </p>
    </Dialog>
  );
}
