import type { Journeys } from '../api/types';

export interface Box {
  key: string;
  step: number;
  page: string;
  sessions: number;
  x: number;
  y: number;
  height: number;
}

export interface Ribbon {
  key: string;
  from: Box;
  to: Box;
  sessions: number;
  path: string;
  width: number;
}

export interface Layout {
  boxes: Box[];
  ribbons: Ribbon[];
  width: number;
  height: number;
}

/** The room between the left sides of two columns, at least; few columns spread over the width. */
const COLUMN = 250;
const WIDTH = 1090;
export const BOX = 176;
const GAP = 14;
const LEAST = 30;

/** Columns of pages, with ribbons as wide as their number of sessions. Backwards, the first step is on the right, so time always runs to the right. */
export function layOut({ nodes, links }: Pick<Journeys, 'nodes' | 'links'>, isBackwards = false, height = 600): Layout {
  const steps = [...new Set(nodes.map(({ step }) => step))].sort((a, b) => a - b);
  const columns = steps.map((step) =>
    nodes
      .filter((node) => node.step === step)
      .sort((a, b) => Number(isSpecial(a.page)) - Number(isSpecial(b.page)) || b.sessions - a.sessions),
  );
  const perSession = Math.min(
    ...columns.map(
      (column) =>
        Math.max(0, height - (column.length - 1) * GAP - column.length * LEAST) /
        Math.max(1, sum(column.map(({ sessions }) => sessions))),
    ),
  );
  const distance = Math.max(COLUMN, (WIDTH - BOX) / Math.max(1, columns.length - 1));
  const boxes = columns.flatMap((column, index) => {
    let y = 0;
    return column.map(({ step, page, sessions }) => {
      const box = {
        key: `${step} ${page}`,
        step,
        page,
        sessions,
        x: (isBackwards ? columns.length - 1 - index : index) * distance,
        y,
        height: LEAST + sessions * perSession,
      };
      y += box.height + GAP;
      return box;
    });
  });
  const find = (step: number, page: string) => boxes.find((box) => box.step === step && box.page === page);
  const used = new Map<string, number>();
  const take = (side: string, box: Box, width: number) => {
    const before = used.get(side + box.key) ?? 0;
    used.set(side + box.key, before + width);
    return box.y + before + width / 2;
  };
  const ribbons = [...links]
    .sort((a, b) => b.sessions - a.sessions)
    .flatMap(({ step, from, to, sessions }) => {
      const [start, end] = [find(step, from), find(step + 1, to)];
      if (!start || !end) return [];
      const width = Math.max(
        1.5,
        Math.min((sessions / start.sessions) * start.height, (sessions / end.sessions) * end.height),
      );
      const [y1, y2] = [take('next', start, width), take('before', end, width)];
      const [x1, x2] = isBackwards ? [start.x, end.x + BOX] : [start.x + BOX, end.x];
      const middle = (x1 + x2) / 2;
      return [
        {
          key: `${start.key}>${end.key}`,
          from: start,
          to: end,
          sessions,
          width,
          path: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`,
        },
      ];
    });
  return {
    boxes,
    ribbons,
    width: Math.max(BOX, (columns.length - 1) * distance + BOX),
    height: Math.max(60, ...boxes.map((box) => box.y + box.height)),
  };
}

export const isSpecial = (page: string): boolean => page === '(exit)' || page === '(entry)' || page === '(other)';
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
