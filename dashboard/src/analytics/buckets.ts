/** The parts of a range that a chart has a point for. */

const HOUR = 3_600_000;
export const BUCKETS = { hour: HOUR, day: 24 * HOUR, week: 168 * HOUR } as const;

/** A chart of 24 to 100 points says enough. */
export function bucketOf(from: number, to: number): keyof typeof BUCKETS {
  const length = to - from;
  return length <= 3 * BUCKETS.day ? 'hour' : length <= 100 * BUCKETS.day ? 'day' : 'week';
}

/** Which ends of a series are only parts of a bucket: their numbers are low because the range ends there. */
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
  /** Drawn dashed: from the last whole bucket to the one that is not over. */
  open: (number | null)[];
}

/** A cut first bucket is not drawn, one that is not over is drawn apart. With fewer than two whole ones all are drawn apart. */
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
