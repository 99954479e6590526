import { lazy, Suspense, useState } from 'react';
import { Button } from '../ui/controls';
import { Icon } from '../ui/icons';
import { useCohorts } from './cohorts';
import { isOfCohort, readGroups, textOf, writeGroups } from './conditions';

const Editor = lazy(() => import('./condition-editor'));

/** The conditions that are set, one chip for each group, and a button that opens the editor. */
export function Conditions({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (value: string | null) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const groups = readGroups(value);
  const cohorts = useCohorts(isOfCohort(value)).data?.cohorts;
  const nameOf = (id: string): string => cohorts?.find((cohort) => cohort.id === id)?.name ?? 'a private cohort';
  const without = (index: number) => onChange(writeGroups(groups.filter((_, other) => other !== index)));
  return (
    <>
      <Button icon="plus" className="add-conditions" onClick={() => setOpen(true)}>
        Conditions
      </Button>
      {groups.map((group, index) => (
        <Chip
          key={JSON.stringify(group)}
          text={group.map((condition) => textOf(condition, nameOf)).join(', or ')}
          open={() => setOpen(true)}
          remove={() => without(index)}
        />
      ))}
      {isOpen && (
        <Suspense>
          <Editor
            groups={groups}
            close={() => setOpen(false)}
            apply={(next) => (onChange(writeGroups(next)), setOpen(false))}
          />
        </Suspense>
      )}
    </>
  );
}

function Chip({ text, open, remove }: { text: string; open: () => void; remove: () => void }) {
  return (
    <span className="chip">
      <button type="button" className="cut" title={text} onClick={open}>
        <b className="foreign">{text}</b>
      </button>
      <button type="button" aria-label={`Remove the condition ${text}`} onClick={remove}>
        <Icon name="close" size={14} />
      </button>
    </span>
  );
}
