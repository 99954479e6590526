// Everything that is measured of one page.
import { gzipSync } from 'node:zlib';
import { MOMENTS, visit } from './live.mjs';
import { playInCrow, playInRrweb } from './replay.mjs';

/**
 * What is done with a page. `ours`: only our recorder and player. `quick`: rrweb's, too, with one visit each. `full`: a visit
 * without a recorder besides. `cross`: our recording in rrweb's player, too.
 */
const STEPS = {
  ours: ['crow'],
  quick: ['crow', 'rrweb'],
  full: ['bare', 'crow', 'rrweb'],
  cross: ['bare', 'crow', 'rrweb', 'cross'],
};

/** `extent` is a name of `STEPS`. */
export async function measurePage(bench, page, { extent, say }) {
  const has = (name) => STEPS[extent].includes(name);
  const bare = has('bare') ? await step(say, 'visit', () => visit(bench, page, 'bare')) : undefined;
  const crow = await step(say, 'crow records', () => visit(bench, page, 'crow'));
  const rrweb = has('rrweb') ? await step(say, 'rrweb records', () => visit(bench, page, 'rrweb')) : undefined;
  const played = { crow: await step(say, 'crow plays', () => playInCrow(bench, crow.recording, crow.shots)) };
  if (rrweb) played.rrweb = await step(say, 'rrweb plays', () => playInRrweb(bench, rrweb.recording, rrweb.shots, page));
  if (has('cross')) played.cross = await step(say, 'rrweb plays crow', () => playInRrweb(bench, crow.recording, crow.shots, page));

  const visits = { crow, rrweb, bare };
  const { moments, pictures } = await compareMoments(bench, visits, played);
  const facts = Object.fromEntries(['crow', 'rrweb'].filter((who) => visits[who]).map((who) => [who, factsOf(visits[who], played[who], bare)]));
  return {
    result: { name: page.name, moments, ...facts, bare: bare && { cost: bare.cost, errors: bare.errors } },
    pictures,
    recordings: { crow: crow.recording, rrweb: rrweb?.recording },
  };
}

async function compareMoments(bench, visits, played) {
  const moments = {};
  const pictures = {};
  const done = Object.values(visits).filter(Boolean);
  for (const moment of MOMENTS) {
    const live = (name) => visits[name === 'rrweb' ? 'rrweb' : 'crow'].shots[moment].picture;
    const pairs = Object.fromEntries(Object.entries(played).map(([name, { pictures: shown }]) => [name, [live(name), shown[moment]]]));
    const compared = await bench.compare(done.map(({ shots }) => shots[moment].picture), pairs);
    moments[moment] = { ...compared, at: visits.crow.shots[moment].at, isQuiet: done.every(({ shots }) => shots[moment].isQuiet) };
    pictures[moment] = { ...pairs, bare: visits.bare?.shots[moment].picture };
  }
  return { moments, pictures };
}

async function step(say, name, run) {
  const started = Date.now();
  try {
    const result = await run();
    say(`${name} ${((Date.now() - started) / 1_000).toFixed(1)} s`);
    return result;
  } catch (error) {
    throw new Error(`${name}: ${error.message.split('\n')[0]}`, { cause: error });
  }
}

function factsOf(run, played, bare) {
  const json = JSON.stringify(run.recording.events);
  const { reported, uploaded } = run.recording;
  return {
    bytes: json.length,
    gzip: gzipSync(json, { level: 9 }).length,
    events: run.recording.events.length,
    cost: { task: run.cost.task - (bare?.cost.task ?? 0), script: run.cost.script - (bare?.cost.script ?? 0) },
    errors: run.errors.filter((error) => !bare?.errors.includes(error)),
    playerErrors: played.errors,
    ...(reported !== undefined && { assets: { reported, uploaded, wanted: played.wanted, missing: played.missing } }),
    failed: played.failed,
  };
}
