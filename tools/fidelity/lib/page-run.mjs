// Everything that is measured of one page.
import { gzipSync } from 'node:zlib';
import { MOMENTS, visit } from './live.mjs';
import { playInCrow, playInRrweb } from './replay.mjs';

/** `isFull` adds a visit without a recorder, and our recording in rrweb's player. */
export async function measurePage(bench, page, { isFull, say }) {
  const bare = isFull ? await step(say, 'visit', () => visit(bench, page, 'bare')) : undefined;
  const crow = await step(say, 'crow records', () => visit(bench, page, 'crow'));
  const rrweb = await step(say, 'rrweb records', () => visit(bench, page, 'rrweb'));
  const ours = await step(say, 'crow plays', () => playInCrow(bench, crow.recording, crow.shots));
  const theirs = await step(say, 'rrweb plays', () => playInRrweb(bench, rrweb.recording, rrweb.shots, page));
  const cross = isFull ? await step(say, 'rrweb plays crow', () => playInRrweb(bench, crow.recording, crow.shots, page)) : undefined;

  const moments = {};
  const pictures = {};
  for (const moment of MOMENTS) {
    const lives = [crow, rrweb, bare].filter(Boolean).map(({ shots }) => shots[moment].picture);
    const pairs = { crow: [lives[0], ours.pictures[moment]], rrweb: [lives[1], theirs.pictures[moment]] };
    if (cross) pairs.cross = [lives[0], cross.pictures[moment]];
    moments[moment] = { ...(await bench.compare(lives, pairs)), isQuiet: [crow, rrweb].every(({ shots }) => shots[moment].isQuiet) };
    pictures[moment] = { crow: pairs.crow, rrweb: pairs.rrweb, bare: lives[2] };
  }
  return { result: { name: page.name, moments, crow: factsOf(crow, ours, bare), rrweb: factsOf(rrweb, theirs, bare), bare: bare && { cost: bare.cost, errors: bare.errors } }, pictures, recordings: { crow: crow.recording, rrweb: rrweb.recording } };
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
    ...(reported !== undefined && { assets: { reported, uploaded, wanted: played.wanted, missing: played.missing.length } }),
    failed: played.failed,
  };
}
