import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './chart.css';
import { drawn, type Partial } from '../analytics/buckets';
import { count, dateTime, day, hourOfDay } from '../format';

export interface Series {
  label: string;
  values: (number | null)[];
  /** A custom property of the theme, such as `--accent`. */
  color: string;
  isDashed?: boolean;
  /** Incomplete ends of the series. Default: none. */
  partial?: Partial;
}

const WHOLE: Partial = { first: false, last: false };

/** A line for complete points, and one for the point that is still open. */
const linesOf = (series: Series[]): (number | null)[][] =>
  series.flatMap(({ values, partial = WHOLE }) => {
    const { whole, open } = drawn(values, partial);
    return [whole, open];
  });

/** A note that a number is not that of a complete bucket. */
function noteOf({ values, partial = WHOLE }: Series, index: number): string {
  if (partial.last && index === values.length - 1) return ' so far';
  return partial.first && index === 0 ? ' (incomplete)' : '';
}

/** Lines over time. `times` in milliseconds. */
export function TimeChart({
  times,
  series,
  timeZone,
  height = 240,
  bucketMs,
  onSelect,
}: {
  times: number[];
  series: Series[];
  timeZone: string;
  height?: number;
  bucketMs: number;
  onSelect?: (from: number, to: number) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const select = useRef(onSelect);
  select.current = onSelect;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let plot: uPlot | undefined;
    const draw = () => {
      plot?.destroy();
      plot = new uPlot(
        options(element, series, timeZone, height, bucketMs, setPointed, (from, to) => select.current?.(from, to)),
        [times.map((t) => t / 1000), ...linesOf(series)] as uPlot.AlignedData,
        element,
      );
    };
    draw();
    const resized = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      resized.disconnect();
      themed.disconnect();
      plot?.destroy();
    };
  }, [times, series, timeZone, height, bucketMs]);

  const index = pointed ?? times.length - 1;
  return (
    <figure className="chart">
      <figcaption>
        <span className="muted">
          {times[index] !== undefined &&
            (bucketMs < 86_400_000 ? dateTime(times[index], timeZone) : day(times[index], timeZone))}
        </span>
        {series
          .map((one) => ({ ...one, note: noteOf(one, index) }))
          .map(({ label, values, color, isDashed, note }) => (
            <span key={label} className="legend">
              <i style={{ borderTopColor: `var(${color})`, borderTopStyle: isDashed ? 'dashed' : 'solid' }} />
              {label}{' '}
              <b className="number">
                {values[index] === null || values[index] === undefined ? '–' : count(values[index])}
              </b>
              {note && <span className="muted">{note}</span>}
            </span>
          ))}
      </figcaption>
      <div
        ref={box}
        style={{ height }}
        role="img"
        aria-label={`${series.map(({ label }) => label).join(', ')} over time; the numbers follow in a table`}
      />
      <table className="hidden">
        <thead>
          <tr>
            <th>Time</th>
            {series.map(({ label }) => (
              <th key={label}>{label}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((t, row) => (
            <tr key={t}>
              <td>{dateTime(t, timeZone)}</td>
              {series.map((one) => (
                <td key={one.label}>
                  {one.values[row]}
                  {noteOf(one, row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

/** Distances between ticks, in seconds. */
const INCREMENTS = [
  60, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000,
];

/** The day where one begins, else the time of day. */
function labels(ticks: number[], timeZone: string, bucketMs: number): string[] {
  let before = '';
  return ticks.map((tick) => {
    const date = day(tick * 1000, timeZone);
    const isNew = date !== before;
    before = date;
    return isNew || bucketMs >= 86_400_000 ? date : hourOfDay(tick * 1000, timeZone);
  });
}

function options(
  element: HTMLElement,
  series: Series[],
  timeZone: string,
  height: number,
  bucketMs: number,
  point: (index: number | null) => void,
  select: (from: number, to: number) => void,
): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const font = '12px "Geist Variable", sans-serif';
  const axis = { stroke: color('--muted'), font, ticks: { show: false }, grid: { stroke: color('--line'), width: 1 } };
  return {
    width: element.clientWidth,
    height,
    padding: [10, 4, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 8 }, drag: { x: true, y: false } },
    tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), timeZone),
    scales: { y: { range: (_, __, max) => [0, Math.max(4, max * 1.1)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 30,
        space: 72,
        incrs: INCREMENTS.filter((seconds) => seconds * 1000 >= bucketMs),
        values: (_, ticks) => labels(ticks, timeZone, bucketMs),
      },
      { ...axis, size: 48, values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? count(tick) : '')) },
    ],
    series: [
      {},
      ...series.flatMap(({ color: name, isDashed }) => [
        {
          stroke: color(name),
          width: isDashed ? 1.5 : 2,
          points: { show: false },
          ...(isDashed ? { dash: [4, 4] } : { fill: `${color(name)}1f` }),
        },
        { stroke: color(name), width: isDashed ? 1.5 : 2, points: { show: false }, dash: isDashed ? [1, 5] : [3, 4] },
      ]),
    ],
    hooks: {
      setCursor: [(plot) => point(plot.cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 8) return;
          const from = plot.posToVal(left, 'x') * 1000;
          const to = plot.posToVal(left + width, 'x') * 1000;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          select(Math.floor(from / bucketMs) * bucketMs, Math.ceil(to / bucketMs) * bucketMs);
        },
      ],
    },
  };
}
