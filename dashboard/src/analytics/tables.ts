/** The tables behind the answers of each page. */
import type { EventCounts, Funnel, Heatmap, Journeys, Overview, Retention, Top, Vitals } from '../api/types';
import { firstOf, timeCell, type Table } from './csv';

export const overviewTables = ({ totals, previous, series }: Overview, zone: string): Table[] => [
  {
    name: 'overview',
    columns: ['time', 'sessions', 'visitors', 'pageviews'],
    rows: series.map((point) => [timeCell(point.t, zone), point.sessions, point.visitors, point.pageviews]),
  },
  {
    name: 'overview-totals',
    columns: ['number', 'this period', 'previous period'],
    rows: Object.entries(totals).map(([name, value]) => [name, value, previous[name as keyof typeof previous]]),
  },
];

/** What the pages ask for at most, of values and of paths. */
export const MOST_TOP = 100;
/** What the server gives at most: kinds of events, values of a breakdown, points of a heatmap, and pages of the vitals. */
const MOST_EVENTS = 200;
const MOST_VALUES = 10;
const MOST_POINTS = 4_000;
const MOST_PAGES = 50;

export const topTable = (dimension: string, { rows }: Top): Table => ({
  name: firstOf(`top-${dimension}`, rows.length, MOST_TOP),
  columns: [dimension, 'sessions', 'count'],
  rows: rows.map(({ value, sessions, count }) => [value, sessions, count]),
});

export const eventTables = ({ rows, series }: EventCounts, zone: string): Table[] => [
  {
    name: firstOf('events', rows.length, MOST_EVENTS),
    columns: ['type', 'name', 'count', 'sessions'],
    rows: rows.map(({ type, name, count, sessions }) => [type, name, count, sessions]),
  },
  {
    name: 'events-over-time',
    columns: ['time', 'count'],
    rows: series.map(({ t, count }) => [timeCell(t, zone), count]),
  },
];

export const funnelTables = ({ by, steps, breakdown }: Funnel): Table[] => {
  const all: Table = {
    name: 'funnel',
    columns: [
      'step',
      'label',
      by === 'person' ? 'people' : 'sessions',
      'conversion',
      'drop-off',
      'median ms from previous',
    ],
    rows: steps.map(({ label, sessions, conversion, dropOff, medianMsFromPrevious }, index) => [
      index + 1,
      label,
      sessions,
      conversion,
      dropOff,
      medianMsFromPrevious,
    ]),
  };
  const split: Table = {
    name: firstOf('funnel-breakdown', breakdown.length, MOST_VALUES),
    columns: ['value', ...steps.map((_, index) => `step ${index + 1}`)],
    rows: breakdown.map(({ value, steps: sessions }) => [value, ...sessions]),
  };
  return breakdown.length ? [all, split] : [all];
};

export const journeyTables = ({ links }: Journeys): Table[] => [
  {
    name: 'journeys',
    columns: ['step', 'from', 'to', 'sessions'],
    rows: links.map(({ step, from, to, sessions }) => [step, from, to, sessions]),
  },
];

export const heatmapTables = (heatmap: Heatmap): Table[] =>
  heatmap.scroll?.length
    ? [
        {
          name: 'scroll',
          columns: ['depth', 'sessions'],
          rows: heatmap.scroll.map(({ depth, sessions }) => [depth, sessions]),
        },
      ]
    : [
        {
          name: firstOf('heatmap', heatmap.points.length, MOST_POINTS),
          columns: ['x', 'y', 'count'],
          rows: heatmap.points.map(({ x, y, count }) => [x, y, count]),
        },
      ];

export const retentionTables = ({ cohorts, breakdown }: Retention, zone: string): Table[] => {
  const width = Math.max(0, ...cohorts.map(({ returned }) => returned.length));
  const later = Array.from({ length: width }, (_, index) => index);
  const periods = later.map((index) => `period ${index}`);
  const cells = ({ start, size, returned }: Retention['cohorts'][number]) => [
    timeCell(start, zone),
    size,
    ...later.map((index) => returned[index]),
  ];
  const all: Table = { name: 'retention', columns: ['start', 'people', ...periods], rows: cohorts.map(cells) };
  const split: Table = {
    name: firstOf('retention-breakdown', breakdown.length, MOST_VALUES),
    columns: ['value', 'start', 'people', ...periods],
    rows: breakdown.flatMap(({ value, cohorts: own }) => own.map((cohort) => [value, ...cells(cohort)])),
  };
  return breakdown.length ? [all, split] : [all];
};

export const vitalsTables = ({ metrics, pages }: Vitals): Table[] => [
  {
    name: 'vitals',
    columns: ['metric', 'p50', 'p75', 'p95', 'measured'],
    rows: metrics.map(({ name, p50, p75, p95, count }) => [name, p50, p75, p95, count]),
  },
  {
    name: firstOf('vitals-by-page', pages.length, MOST_PAGES),
    columns: ['page', 'LCP', 'INP', 'CLS'],
    rows: pages.map((row) => [row.page, row.LCP, row.INP, row.CLS]),
  },
];
