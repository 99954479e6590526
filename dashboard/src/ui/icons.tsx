/** Line icons on a 20 × 20 grid, drawn for this page. */
const PATHS = {
  sessions: 'M3 5.500h14M3 10h14M3 14.500h9',
  overview: 'M3 16V9.500M8 16V4M13 16v-8M17.500 16H2',
  events: 'M11 2.500 4.500 11H10l-1 6.500L15.500 9H10z',
  funnel: 'M3 4h14l-5.500 6.500V16l-3-1.500v-4z',
  journeys: 'M3 5h4c4 0 2 10 6 10h4M13 5h4M3 15h2',
  heatmap:
    'M10 17c3.600 0 6-2.300 6-5.500C16 7.500 12 6.500 11.500 2.500 8.500 4 7 6.500 7.500 9 6.500 8.700 6 8 5.800 7 4.500 8.300 4 10 4 11.500 4 14.700 6.400 17 10 17z',
  retention: 'M3.500 4h3v3h-3zM8.500 4h3v3h-3zM13.500 4h3v3h-3zM3.500 9h3v3h-3zM8.500 9h3v3h-3zM3.500 14h3v3h-3z',
  vitals: 'M2.500 10.500h4l2-5.500 3.500 10 2-4.500h3.500',
  setup: 'M6 6 2.500 10 6 14M14 6l3.500 4-3.500 4M11.500 4l-3 12',
  keys: 'M12.500 11.500a4 4 0 1 0-4-4c0 .500.100 1 .300 1.500L3 14.800V17h3v-2h2v-2l1.500-1.300c.900.500 1.900.800 3 .800zM13 7h.010',
  health:
    'M10 16.500s-6.500-3.700-6.500-8.300C3.500 5.700 5.300 4 7.200 4 8.600 4 9.500 4.900 10 5.700 10.500 4.900 11.400 4 12.800 4c1.900 0 3.700 1.700 3.700 4.200 0 4.600-6.500 8.300-6.500 8.300z',
  letters: 'M3 5h14v10H3zM3 5.500l7 5.500 7-5.500',
  search: 'M9 15a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM13.500 13.500 17 17',
  filter: 'M3 5.500h14M5.500 10h9M8 14.500h4',
  plus: 'M10 4v12M4 10h12',
  close: 'M5 5l10 10M15 5 5 15',
  check: 'M4 10.500 8 14.500 16 5.500',
  down: 'M5.500 8l4.500 4.500L14.500 8',
  left: 'M12 5l-5 5 5 5',
  right: 'M8 5l5 5-5 5',
  menu: 'M3 5.500h14M3 10h14M3 14.500h14',
  sun: 'M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M4.300 15.700l1.100-1.100M14.600 5.400l1.100-1.100',
  moon: 'M16.500 12A7 7 0 0 1 8 3.500 7 7 0 1 0 16.500 12z',
  screen: 'M3 4h14v9.500H3zM7 17h6M10 13.500V17',
  exit: 'M8 4H4v12h4M9 10h8M14 7l3 3-3 3',
  columns: 'M3 4h14v12H3zM8 4v12M12.500 4v12',
  save: 'M5 3h10v14l-5-3.500L5 17z',
  share: 'M8.500 11.500l3-3M7 8.500 5 10.500a3 3 0 0 0 4.300 4.300l2-2M13 11.500l2-2a3 3 0 0 0-4.300-4.300l-2 2',
  download: 'M10 3v9M6 8.500l4 4 4-4M4 16.500h12',
  desktop: 'M3 4h14v9.500H3zM7 17h6M10 13.500V17',
  tablet: 'M5 2.500h10v15H5zM9.500 15h1',
  mobile: 'M6 2.500h8v15H6zM9.500 15h1',
  bot: 'M4 7h12v8H4zM10 7V4M7.500 11h.010M12.500 11h.010',
  error: 'M10 3.500 18 16.500H2zM10 8.500v3.500M10 14.300v.010',
  rage: 'M5 3l3 5-4 1 5 8 1-6 5 1-3-4 3-4-5 2z',
  play: 'M6 3.500 16.500 10 6 16.500z',
  pause: 'M6.500 4v12M13.500 4v12',
  previous: 'M15 4.500 8 10l7 5.500zM5 4.500v11',
  next: 'M5 4.500 12 10l-7 5.500zM15 4.500v11',
  skip: 'M3 5l6 5-6 5zM10 5l6 5-6 5zM17.500 5v10',
  full: 'M3 7.500V3h4.500M12.500 3H17v4.500M17 12.500V17h-4.500M7.500 17H3v-4.500',
  fit: 'M2.500 5h15v10h-15zM7 8l-2 2 2 2M13 8l2 2-2 2',
  click: 'M8 8l9 3.500-4 1.500-1.500 4zM7 2.500V5M2.500 7H5M3.800 3.800l1.700 1.700M10.200 3.800 8.800 5.200',
  page: 'M5 2.500h6.500L15.500 6.500v11H5zM11.500 2.500v4h4',
  input: 'M2.500 6h15v8h-15zM5.500 8.500v3',
  scroll: 'M10 3v14M6.500 6.500 10 3l3.500 3.500M6.500 13.500 10 17l3.500-3.500',
  gauge: 'M3.500 15a7.500 7.500 0 1 1 13 0M10 12l3-4.500',
  user: 'M10 10a3.300 3.300 0 1 0 0-6.600A3.300 3.300 0 0 0 10 10zM3.500 17c.500-3.300 3-5 6.500-5s6 1.700 6.500 5',
  place:
    'M10 17.500s5.500-5 5.500-9a5.500 5.500 0 0 0-11 0c0 4 5.500 9 5.500 9zM10 10.300a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  shield: 'M10 2.500 16 5v4.500c0 4-2.500 6.500-6 8-3.500-1.500-6-4-6-8V5z',
  clock: 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM10 6v4.500l3 1.500',
  copy: 'M7 7h9.500v9.500H7zM13 7V3.500H3.500V13H7',
  refresh: 'M16 6.500A7 7 0 1 0 17 10M16.500 3v4h-4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  const isFilled = name === 'play';
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill={isFilled ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Mark({ size = 26 }: { size?: number }) {
  return <img src="/crow.svg" width={size} height={size} alt="" />;
}
