/** The parts of a range; a chart has a point for each. */

const HOUR = 3_600_000;
export const BUCKETS = { hour: HOUR, day: 24 * HOUR, week: 168 * HOUR } as const;

/** A chart has 24 to 100 points. */
export function bucketOf(from: number, to: number): keyof typeof BUCKETS {
  const length = to - from;
  return length <= 3 * BUCKETS.day ? 'hour' : length <= 100 * BUCKETS.day ? 'day' : 'week';
}

/** Which ends of a series are incomplete buckets. Their numbers are low because the range ends there. */
export interface Partial {
  first: boolean;
  last: boolean;
}

export function partialOf(series: readonly { t: number }[], from: number, to: number, bucketMs: number): Partial {
  const [first, last] = [series[0], series.at(-1)];
  return { first: first !== undefined && first.t < from, last: last !== undefined && last.t + bucketMs > to };
}

export interface Drawn {
  /** Drawn as a line: whole buckets only. */
  whole: (number | null)[];
  /** Drawn dashed: from the last complete bucket to the open one. */
  open: (number | null)[];
}

/** An incomplete first bucket is not drawn, and an open last one is drawn dashed. With fewer than two complete buckets, all are dashed. */
export function drawn(values: readonly (number | null)[], { first, last }: Partial): Drawn {
  const end = values.length - 1;
  const isWhole = (index: number) => !(first && index === 0) && !(last && index === end);
  const none = values.map(() => null);
  if (values.filter((_, index) => isWhole(index)).length < 2) return { whole: none, open: [...values] };
  return {
    whole: values.map((value, index) => (isWhole(index) ? value : null)),
    open: last ? values.map((value, index) => (index >= end - 1 ? value : null)) : none,
  };
}
