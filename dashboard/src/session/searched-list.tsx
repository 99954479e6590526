import { useMemo, useState, type ReactNode } from 'react';
import { Segments } from '../ui/controls';
import type { IconName } from '../ui/icons';
import { Empty } from '../ui/states';
import { FollowedList, type FollowedProps, type Row } from './followed-list';

interface Props<R extends Row, K extends string> extends Omit<FollowedProps<R>, 'empty' | 'open' | 'onOpen'> {
  /** What the rows are, such as `events`. */
  name: string;
  icon: IconName;
  /** Which rows can be chosen; the first is chosen at first. */
  kinds: readonly (readonly [K, label: string])[];
  isOf: (row: R, kind: K) => boolean;
  /** Where a search looks. */
  textOf: (row: R) => string;
  /** Shown when there is nothing, whatever is chosen. */
  none: ReactNode;
}

/** Rows in step with the player, of a kind that is chosen and with a text that is searched. */
export function SearchedList<R extends Row, K extends string>(props: Props<R, K>) {
  const { rows, name, icon, kinds, isOf, textOf, none, ...list } = props;
  const [kind, setKind] = useState<K>(kinds[0]![0]);
  const [text, setText] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return rows.filter((row) => isOf(row, kind) && (!wanted || textOf(row).toLowerCase().includes(wanted)));
    // oxlint-disable-next-line exhaustive-deps -- `isOf` and `textOf` are the same for a list.
  }, [rows, kind, text]);
  return (
    <div className="events">
      <div className="events-head">
        <Segments label={`Which ${name}`} value={kind} onChange={setKind} options={kinds} />
        <input
          className="field grow"
          type="search"
          placeholder="Search"
          aria-label={`Search ${name}`}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <FollowedList
        {...list}
        rows={shown}
        open={open}
        onOpen={setOpen}
        empty={
          rows.length ? (
            <Empty icon={icon} title={`No matching ${name}`}>
              Choose “All”, or search for something else.
            </Empty>
          ) : (
            none
          )
        }
      />
    </div>
  );
}
