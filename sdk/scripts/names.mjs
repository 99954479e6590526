// `npm run names`: looks for names of variables and internal properties that make the script files small when they are
// compressed, and writes them to names.json. By trial, so it takes half an hour: `npm run names -- <trials>`. When the names that
// are there fit the code, it goes on from them. The same start always comes to the same end.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import pako from 'pako';
import { analyse } from './variables.mjs';
import { bundle, INTERNAL, isProperty, nameCache, rename, shorten } from './minify.mjs';

const FILE = 'scripts/names.json';
const LETTERS = [...'etnroaisludcpfhgmwvybkxTSOIMAE_DNRPqzCFHJLVGQUWXYZBKj$'];
/** What no variable can be called. */
const WORDS = new Set(
  'arguments as async await break case catch class const default delete do else enum eval export extends false finally for from function get if implements import in instanceof interface let new null of package private protected public return set static super switch this throw true try typeof var void while with yield Infinity NaN undefined'.split(
    ' ',
  ),
);
/** How many characters on each side of a variable count. */
const NEAR = 2;
/** Bytes that a try may lose at first, less and less: enough to find other ways, or to better what is there. */
const HEAT = 0.7;
const LOW_HEAT = 0.2;

process.chdir(new URL('..', import.meta.url).pathname);
const trials = Number(process.argv[2] ?? 500_000);
// The real name differs in as many digits, which are as random.
const core = await bundle('src/script.ts', { CROW_REPLAY_FILE: '"crow-replay.8b9a7f18ea34.js"' });
const replay = await bundle('src/replay-script.ts', {
  CROW_LATE_FILE: '"crow-late.1c7e05b29d64.js"',
  CROW_DEVTOOLS_FILE: '"crow-devtools.5f20c9d3a871.js"',
});
const late = await bundle('src/late-script.ts');
const devtools = await bundle('src/devtools-script.ts');
const letters = LETTERS.filter((letter) => ![core, replay, late, devtools].some((text) => isProperty(text, letter)));

const known = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : { properties: {} };
const names = { properties: {} };
const internal = Object.fromEntries(INTERNAL.map((key) => [key, mark(key)]));
names.crow = await search('crow', core, internal);
names['crow-replay'] = await search('crow-replay', replay, names.properties);
// In the build, this file comes second, and what only these two say is called as in the first.
names['crow-devtools'] = await search('crow-devtools', devtools, names.properties, late);
names['crow-late'] = await search('crow-late', late, names.properties);
writeFileSync(FILE, JSON.stringify(names, null, 2) + '\n');

/** Gives the names of the variables in the order in which `rename` wants them; chooses those of properties that are still marks. */
async function search(file, text, properties, first) {
  const cache = nameCache(properties);
  if (first) await shorten(first, cache);
  const short = await shorten(text, cache);
  const marks = Array.from({ length: 5_000 }, (_, i) => mark(i));
  const { code, asked } = await rename(short, marks);
  const variables = marks.slice(0, asked);
  const open = Object.values(properties).filter((name) => isMark(name) && code.includes(name));
  const places = analyse(code, isMark);
  const found = improve(file, { code, variables, open, ...places, alike: alike(code, variables, places.slots) });
  for (const key of INTERNAL) if (open.includes(properties[key])) names.properties[key] = found.get(properties[key]);
  return variables.map((name) => found.get(name)).join(' ');
}

/** Stands for a name until one is chosen. */
function mark(what) {
  return `$${what}$`;
}

function isMark(name) {
  return /^\$\w+\$$/.test(name);
}

/** Simulated annealing: renames at random, and keeps what makes the file smaller, or at first not much bigger. */
function improve(file, task) {
  const random = generator(1);
  const { chosen, heat: start } = knownNames(file, task) ?? { chosen: firstNames(task), heat: HEAT };
  const write = writer(task);
  let size = quick(write(chosen));
  let best = { quick: size, size: gzipped(write(chosen)), chosen: new Map(chosen) };
  for (let trial = 0; trial < trials; trial++) {
    const heat = start * (1 - trial / trials) ** 1.5;
    const undo = change(task, chosen, random);
    if (!undo) continue;
    const next = quick(write(chosen));
    if (next <= size || random() < Math.exp((size - next) / heat)) size = next;
    else undo.forEach(([name, old]) => chosen.set(name, old));
    if (size < best.quick) {
      const both = gzipped(write(chosen));
      if (both < best.size) best = { quick: size, size: both, chosen: new Map(chosen) };
    }
    if (trial % 20_000 === 0) console.log(`${file}: ${trial} trials, now ${size} B, best ${best.size} B`);
  }
  console.log(`${file}: ${best.size} B`);
  return best.chosen;
}

/** For each variable, others with the same characters around them: called the same, they make a longer text that repeats. */
function alike(code, variables, slots) {
  const places = new Map();
  const around = ({ start, end }) => code.slice(Math.max(0, start - NEAR), start) + '|' + code.slice(end, end + NEAR);
  for (const slot of slots) places.set(around(slot), [...(places.get(around(slot)) ?? []), slot.name]);
  const others = new Map(variables.map((name) => [name, []]));
  for (const slot of slots)
    others.get(slot.name)?.push(...places.get(around(slot)).filter((name) => name !== slot.name));
  return others;
}

/** The names that were found before, if they are for this code. */
function knownNames(file, { variables, rivals, foreign, open }) {
  const before = known[file]?.split(' ') ?? [];
  const chosen = new Map(variables.map((name, i) => [name, before[i]]));
  for (const name of open) chosen.set(name, known.properties[name.slice(1, -1)]);
  const clashes = (name) =>
    foreign.get(name).has(chosen.get(name)) || rivals.get(name).some((rival) => chosen.get(rival) === chosen.get(name));
  if (
    before.length !== variables.length ||
    open.some((name) => !letters.includes(chosen.get(name))) ||
    variables.some(clashes)
  )
    return;
  return { chosen, heat: LOW_HEAT };
}

/** Names that do not clash. */
function firstNames({ variables, rivals, foreign, open }) {
  const chosen = new Map(open.map((name, i) => [name, letters[i] ?? '_' + i]));
  for (const name of variables) {
    const taken = new Set(rivals.get(name).map((rival) => chosen.get(rival)));
    // In a place with more variables than letters, some have two.
    const names = [...LETTERS, ...LETTERS.flatMap((one) => LETTERS.map((two) => one + two))];
    chosen.set(
      name,
      names.find((one) => !taken.has(one) && !foreign.get(name).has(one) && !WORDS.has(one)),
    );
  }
  return chosen;
}

/** Changes one name, and those that it clashes with; gives what undoes it, or nothing when it cannot be. */
function change(task, chosen, random) {
  const { variables, open, rivals, foreign, keys, alike } = task;
  const pick = (list) => list[Math.floor(random() * list.length)];
  const undo = [];
  const set = (name, to) => {
    undo.push([name, chosen.get(name)]);
    chosen.set(name, to);
  };
  if (open.length && random() < 0.1) {
    const [name, to] = [pick(open), pick(letters)];
    const other = open.find((one) => chosen.get(one) === to);
    if (other) set(other, chosen.get(name));
    set(name, to);
    return undo;
  }
  const name = pick(variables);
  const old = chosen.get(name);
  const to = proposal();
  if (to === old || WORDS.has(to) || foreign.get(name).has(to)) return;
  const clashing = rivals.get(name).filter((rival) => chosen.get(rival) === to);
  if (clashing.length > 4) return;
  set(name, to);
  clashing.forEach((rival) => set(rival, old));
  const isFine = clashing.every(
    (rival) => !foreign.get(rival).has(old) && !rivals.get(rival).some((one) => chosen.get(one) === old),
  );
  if (isFine) return undo;
  undo.forEach(([one, before]) => chosen.set(one, before));

  /** The name of a property that it is read from, the name of another variable, or a letter, the first ones most often. */
  function proposal() {
    const chance = random();
    const near = keys.get(name);
    if (near && chance < 0.25) return chosen.get(pick(near)) ?? pick(near);
    if (chance < 0.6 && alike.get(name).length) return chosen.get(pick(alike.get(name)));
    return LETTERS[Math.floor(random() ** 2.5 * LETTERS.length)];
  }
}

/** Gives the function that writes the code with chosen names. */
function writer({ code, slots }) {
  const pieces = slots.map(({ end }, i) => code.slice(end, slots[i + 1]?.start));
  const head = code.slice(0, slots[0].start);
  return (chosen) => {
    let text = head;
    slots.forEach(({ name, key }, i) => {
      const written = chosen.get(name) ?? name;
      const property = key && (chosen.get(key) ?? key);
      text += (property && property !== written ? `${property}:${written}` : written) + pieces[i];
    });
    return text;
  };
}

/** As node has it, which takes a fraction of the time. */
function quick(text) {
  return gzipSync(text, { level: 9 }).length;
}

/** The larger of what zlib makes (pako is zlib) and what node's variant of it makes: names that please one only would be luck. */
function gzipped(text) {
  return Math.max(quick(text), pako.gzip(text, { level: 9 }).length);
}

/** Random numbers from 0 to 1, the same each time (xorshift). */
function generator(seed) {
  let bits = seed;
  return () => {
    bits ^= bits << 13;
    bits ^= bits >>> 17;
    bits ^= bits << 5;
    return (bits >>> 0) / 2 ** 32;
  };
}
