import type { FormEvent } from 'react';
import { Problem } from '../accounts/problem';
import { ChangeDialog } from '../ui/change-dialog';
import { Button, Dialog } from '../ui/controls';
import { useRemove, useSave, type Collection } from './use-collections';

/** Name and note of a new collection, or of one that is there. */
export function CollectionDialog({
  collection,
  onDone,
  onClose,
}: {
  collection?: Collection;
  onDone: (saved: Collection) => void;
  onClose: () => void;
}) {
  const save = useSave(collection?.id, onDone);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    save.mutate({ name: String(form.get('name')).trim(), note: String(form.get('note')).trim() });
  };
  return (
    <Dialog
      title={collection ? 'Edit the collection' : 'New collection'}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="collection" disabled={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form id="collection" className="stack" onSubmit={submit}>
        <label className="labelled">
          Name
          <input
            className="field"
            name="name"
            required
            maxLength={100}
            defaultValue={collection?.name}
            placeholder="Trouble at checkout"
            autoComplete="off"
          />
        </label>
        <label className="labelled">
          Note (optional)
          <textarea className="field" name="note" rows={3} maxLength={500} defaultValue={collection?.note} />
        </label>
        <Problem error={save.error} />
      </form>
    </Dialog>
  );
}

export function RemoveCollection({
  collection: { id, name },
  onDone,
  onClose,
}: {
  collection: Collection;
  onDone: () => void;
  onClose: () => void;
}) {
  const remove = useRemove(id, onDone);
  return (
    <ChangeDialog title="Remove the collection?" action="Remove" look="danger" change={remove} onClose={onClose}>
      <p>
        <b className="foreign">{name}</b> is removed for everybody in your organization. Its sessions stay.
      </p>
    </ChangeDialog>
  );
}
