import { lazy, Suspense, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Button } from '../ui/controls';
import { useFocusAfterRemoval } from '../ui/focus';
import { Icon } from '../ui/icons';
import { useCohorts } from './cohorts';
import { isOfCohort, readGroups, textOf, writeGroups } from './conditions';

const Editor = lazy(() => import('./condition-editor'));

/** The conditions that are set, one chip for each group, and a button that opens the editor. `isOfEvent`: only properties of one event. */
export function Conditions({
  value,
  isOfEvent = false,
  onChange,
}: {
  value: string | undefined;
  isOfEvent?: boolean;
  onChange: (value: string | null) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLSpanElement>(null);
  // Also of a chip that was edited, which is another one then.
  useFocusAfterRemoval(root, '.add-conditions');
  const groups = readGroups(value);
  const cohorts = useCohorts(isOfCohort(value)).data?.cohorts;
  const nameOf = (id: string): string => cohorts?.find((cohort) => cohort.id === id)?.name ?? 'a private cohort';
  const without = (index: number) => onChange(writeGroups(groups.filter((_, other) => other !== index)));
  return (
    <span className="condition-chips" ref={root}>
      <Button icon="plus" small={isOfEvent} className="add-conditions" onClick={() => setOpen(true)}>
        {isOfEvent ? 'Properties' : 'Conditions'}
      </Button>
      {groups.map((group, index) => (
        <Chip
          key={JSON.stringify(group)}
          text={group.map((condition) => textOf(condition, nameOf)).join(', or ')}
          open={() => setOpen(true)}
          remove={() => without(index)}
        />
      ))}
      {/* Not inside a form around it, which Enter would send. */}
      {isOpen &&
        createPortal(
          <Suspense>
            <Editor
              groups={groups}
              isOfEvent={isOfEvent}
              close={() => setOpen(false)}
              apply={(next) => (onChange(writeGroups(next)), setOpen(false))}
            />
          </Suspense>,
          document.body,
        )}
    </span>
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
