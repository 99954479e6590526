import { memo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { Gap } from '../api/types';
import { clock } from '../format';
import type { Span } from '../player/protocol';
import { indexAt, type Moment } from './events';

interface Props {
  from: number;
  to: number;
  at: number;
  buffered: Span | null;
  idle: Span[];
  gaps: Gap[];
  moments: Moment[];
  /** What people wrote, by moment. */
  notes?: TimelineNote[];
  onSeek: (at: number) => void;
}

export interface TimelineNote {
  id: string;
  at: number;
  text: string;
}

/** A mark of a note is so wide, as a share of the bar. A click on it seeks to its moment. */
const NOTE_SHARE = 0.008;

/** The position of the replay, its events, and its gaps. */
export function Timeline({ from, to, at, buffered, idle, gaps, moments, notes = [], onSeek }: Props) {
  const bar = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const length = Math.max(1, to - from);
  const share = (time: number) => Math.min(1, Math.max(0, (time - from) / length));
  const timeOf = (event: PointerEvent) => {
    const box = bar.current?.getBoundingClientRect();
    return box ? from + Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * length : from;
  };
  const noteAt = (time: number) => notes.find((note) => Math.abs(note.at - time) <= length * NOTE_SHARE);
  const pressed = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -5_000, ArrowRight: 5_000, PageDown: -30_000, PageUp: 30_000 }[event.key];
    const target = event.key === 'Home' ? from : event.key === 'End' ? to : step === undefined ? undefined : at + step;
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onSeek(Math.min(to, Math.max(from, target)));
  };
  const near = pointed === null ? undefined : moments[indexAt(moments, pointed)];
  const note = pointed === null ? undefined : noteAt(pointed);
  return (
    <div className="timeline">
      <div
        ref={bar}
        className="timeline-bar"
        role="slider"
        tabIndex={0}
        aria-label="Position"
        aria-valuemin={0}
        aria-valuemax={Math.round(length / 1000)}
        aria-valuenow={Math.round((at - from) / 1000)}
        aria-valuetext={`${clock(at - from)} of ${clock(length)}`}
        onKeyDown={pressed}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const time = timeOf(event);
          onSeek(noteAt(time)?.at ?? time);
        }}
        onPointerMove={(event) => {
          setPointed(timeOf(event));
          if (event.buttons) onSeek(timeOf(event));
        }}
        onPointerLeave={() => setPointed(null)}
      >
        <div className="track">
          {buffered && (
            <i
              className="buffered"
              style={{
                left: `${share(buffered[0]) * 100}%`,
                width: `${(share(buffered[1]) - share(buffered[0])) * 100}%`,
              }}
            />
          )}
          <i className="played" style={{ width: `${share(at) * 100}%` }} />
          <Spans spans={idle} className="idle" share={share} title="The visitor was idle" />
          <Spans
            spans={gaps.map(({ since }): Span => [since - 1500, since])}
            className="gap"
            share={share}
            title="A part of the recording never arrived"
          />
        </div>
        <Markers moments={moments} from={from} length={length} />
        {notes.map(({ id, at: moment }) => (
          <i key={id} className="note-mark" data-mark={id} style={{ left: `${share(moment) * 100}%` }} />
        ))}
        <i className="thumb" style={{ left: `${share(at) * 100}%` }} />
        {pointed !== null && (
          <output className="pointed" style={{ left: `${Math.min(0.94, Math.max(0.06, share(pointed))) * 100}%` }}>
            <b className="number">{clock(pointed - from)}</b>
            {note && <span className="cut foreign">{note.text}</span>}
            {!note && near && Math.abs(near.at - pointed) < length / 40 && (
              <span className="cut foreign">{near.title}</span>
            )}
          </output>
        )}
      </div>
    </div>
  );
}

function Spans({
  spans,
  className,
  share,
  title,
}: {
  spans: Span[];
  className: string;
  share: (time: number) => number;
  title: string;
}) {
  return spans.map(([start, end], index) => (
    <i
      key={index}
      className={className}
      title={title}
      style={{
        left: `${share(start) * 100}%`,
        width: `max(${className === 'gap' ? '4px' : '0px'}, ${(share(end) - share(start)) * 100}%)`,
      }}
    />
  ));
}

const MARKED = new Set(['page', 'click', 'rage', 'error', 'invalid', 'custom', 'input']);
/** More marks would overlap. */
const PLACES = 300;

/** One mark per place; the most important one wins. */
const Markers = memo(function Markers({ moments, from, length }: { moments: Moment[]; from: number; length: number }) {
  const rank = ['input', 'click', 'page', 'custom', 'invalid', 'rage', 'error'];
  const places = new Map<number, Moment>();
  for (const moment of moments) {
    if (!MARKED.has(moment.kind)) continue;
    const place = Math.round(((moment.at - from) / length) * PLACES);
    const known = places.get(place);
    if (place >= 0 && place <= PLACES && (!known || rank.indexOf(moment.kind) > rank.indexOf(known.kind)))
      places.set(place, moment);
  }
  return (
    <div className="markers" aria-hidden="true">
      {[...places].map(([place, { kind }]) => (
        <i key={place} className={`kind-${kind}`} style={{ left: `${(place / PLACES) * 100}%` }} />
      ))}
    </div>
  );
});
