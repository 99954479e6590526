import { memo } from 'react';
import type { Session } from '../api/types';
import { ago, duration, pathOf } from '../format';
import { link } from '../router';
import { Device, Signals, type Column } from './columns';

interface Props {
  session: Session;
  columns: Column[];
  top: number;
  height: number;
  index: number;
  isSelected: boolean;
  now: number;
  zone: string;
}

export const Row = memo(function Row({ session, columns, top, height, index, isSelected, now, zone }: Props) {
  const position = { transform: `translateY(${top}px)`, height };
  const [who] = columns;
  return (
    <a
      className={`list-row ${isSelected ? 'selected' : ''}`}
      style={position}
      href={link(`/sessions/${session.id}`)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-session={session.id}
    >
      {columns.map(({ name, isRight, show }) => (
        <span key={name} role="cell" className={`cell ${isRight ? 'right' : ''}`}>
          {show(session, { now, zone })}
        </span>
      ))}
      {who && (
        <span className="phone-cells" role="cell">
          <span className="row">
            <span className="grow cut">{who.show(session, { now, zone })}</span>
            <span className="muted">{ago(session.startedAt, now, zone)}</span>
          </span>
          <span className="row muted">
            <span className="number">{duration(session.durationMs)}</span>
            <span className="grow cut foreign">
              {session.initialUrl ? pathOf(session.initialUrl) : <Device session={session} />}
            </span>
            <Signals session={session} />
          </span>
        </span>
      )}
    </a>
  );
});
