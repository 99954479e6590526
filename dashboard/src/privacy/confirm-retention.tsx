import { Button, Dialog } from '../ui/controls';

interface Props {
  /** A sentence for each kind of data. */
  removals: string[];
  onConfirmed: () => void;
  onClose: () => void;
}

/** Asks before settings are saved that remove data by its age. */
export function ConfirmRetention({ removals, onConfirmed, onClose }: Props) {
  return (
    <Dialog
      title="Remove old data?"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" onClick={onConfirmed}>
            Save and remove
          </Button>
        </>
      }
    >
      <ul>
        {removals.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <p>
        Age counts from the last event of a session. Removal starts within the hour, also for what is already stored.
        This cannot be undone. Backups keep copies until you delete the backups.
      </p>
    </Dialog>
  );
}
