// Writes the rounds down as the tables of docs/benchmarks.md.
import { SECRETS } from './page.mjs';

const BARE = 'no SDK';

function spread(numbers, digits) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low, middle, high] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)].map((one) =>
    one.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  return low === high ? middle : `**${middle}** (${low}–${high})`;
}

/** Of each row: what it says, decimals, and the number of a visit; `added` numbers are above those of the same round without an SDK. */
const ROWS = [
  ['main thread, CPU ms added', 0, ({ task }) => task, 'added'],
  ['of that, script', 0, ({ script }) => script, 'added'],
  ['all threads of the page, CPU ms added', 0, ({ process }) => process, 'added'],
  ['long tasks', 0, ({ long }) => long],
  ['longest task, ms', 0, ({ longest }) => longest],
  ['JS heap, MB added', 2, ({ heap }) => heap, 'added'],
  ['sent in bodies, KB', 1, ({ sentBytes }) => sentBytes / 1000],
  ['requests', 0, ({ posts, otherRequests }) => posts + otherRequests],
  ['preflights', 0, ({ preflights }) => preflights],
  ['scripts, KB after `gzip -9`', 1, ({ scriptBytes }) => scriptBytes / 1000],
  ['lines recorded', 0, ({ lines }) => lines],
  ['requests recorded', 0, ({ requests }) => requests],
  ['changes of the DOM recorded, events', 0, ({ changes }) => changes],
];

/** `rows` are the visits of each SDK, by round. */
export function tableOf({ names, versions, rows, work }) {
  const shown = names.filter((name) => name !== BARE);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const head = (first) => [
    line([first, ...shown.map((name) => `${name}${versions[name] ? ' ' + versions[name] : ''}`)]),
    `|---|${shown.map(() => '---:|').join('')}`,
  ];
  const costs = ROWS.map(([label, digits, of, isAdded]) =>
    line([
      label,
      ...shown.map((name) =>
        spread(
          rows[name].map((row) => of(row) - (isAdded ? of(rows[BARE].find(({ round }) => round === row.round)) : 0)),
          digits,
        ),
      ),
    ]),
  );
  const secrets = Object.keys(SECRETS).map((place) =>
    line([
      place,
      ...shown.map((name) =>
        spread(
          rows[name].map(({ times }) => times[place]),
          0,
        ),
      ),
    ]),
  );
  const bare = rows[BARE] ?? [];
  return [
    `${work.requests} requests, ${work.lines} lines, ${work.changes} changes in ${work.ms / 1000} s`,
    `without an SDK: main thread ${spread(
      bare.map(({ task }) => task),
      0,
    )} ms, all threads ${spread(
      bare.map((row) => row.process),
      0,
    )} ms, long tasks ${spread(
      bare.map(({ long }) => long),
      0,
    )}, heap ${spread(
      bare.map(({ heap }) => heap),
      2,
    )} MB`,
    '',
    ...head(''),
    ...costs,
    '',
    ...head('times found in what was sent'),
    ...secrets,
  ].join('\n');
}
