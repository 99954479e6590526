// Figures over all pages, and what a run must reach.
import { MOMENTS } from './live.mjs';

/** Shares below which the quick run fails. */
const LEAST = { worstEqual: 0.99, medianEqual: 0.998, worstInk: 0.97, medianInk: 0.99 };
/** Trailing rrweb by more than this share counts. */
export const TRAIL = 0.001;

export const percent = (share) => (share * 100).toFixed(share > 0.99 && share < 1 ? 2 : 1);

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length % 2 ? sorted[(sorted.length - 1) / 2] : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
}

const momentsOf = (results) => results.filter(({ failed }) => !failed).flatMap(({ name, moments }) => MOMENTS.map((moment) => ({ name, moment, ...moments[moment] })));

/** The mean over a page's moments. */
export const meanOf = (page, who, measure = 'equal') => MOMENTS.reduce((sum, moment) => sum + page.moments[moment].results[who][measure], 0) / MOMENTS.length;

export function statistics(results) {
  const all = momentsOf(results);
  const of = (who, measure) => all.map(({ results: each }) => each[who][measure]);
  const pages = results.filter(({ failed }) => !failed);
  const gaps = pages.map((page) => ({ name: page.name, gap: meanOf(page, 'crow') - meanOf(page, 'rrweb') }));
  const figures = (who) => Object.fromEntries(['equal', 'ink', 'ssim'].map((measure) => [measure, { median: median(of(who, measure)), worst: Math.min(...of(who, measure)), mean: of(who, measure).reduce((a, b) => a + b, 0) / all.length }]));
  return { crow: figures('crow'), rrweb: figures('rrweb'), trailing: gaps.filter(({ gap }) => gap < -TRAIL), ahead: gaps.filter(({ gap }) => gap > TRAIL), pages: pages.length, failed: results.filter(({ failed }) => failed) };
}

export function lineOf(result) {
  if (result.failed) return `failed: ${result.failed}`;
  const of = (who) => MOMENTS.map((moment) => percent(result.moments[moment].results[who].equal)).join(' / ');
  if (!result.rrweb) return `crow ${of('crow')} %`;
  const noise = Math.max(...MOMENTS.map((moment) => result.moments[moment].noise));
  return `crow ${of('crow')} % · rrweb ${of('rrweb')} % · noise ${percent(noise)} %`;
}

export function summaryOf(results) {
  const measured = results.filter(({ failed, rrweb }) => !failed && rrweb);
  const lines = results.map((result) => `${result.name.padEnd(20)} ${lineOf(result)}`);
  if (measured.length) {
    const { crow, rrweb, trailing, ahead } = statistics(results);
    for (const [name, { equal, ink, ssim }] of [['crow', crow], ['rrweb', rrweb]]) lines.push(`${name.padEnd(6)} equal ${percent(equal.median)} % (worst ${percent(equal.worst)} %), ink ${percent(ink.median)} %, similarity ${ssim.median.toFixed(4)}`);
    lines.push(`behind rrweb on ${trailing.length}: ${trailing.map(({ name }) => name).join(', ') || '-'}; ahead on ${ahead.length}: ${ahead.map(({ name }) => name).join(', ') || '-'}`);
  }
  return lines.join('\n');
}

export function thresholdsMissed(results) {
  const missed = results.filter(({ failed }) => failed).map(({ name, failed }) => `${name}: ${failed}`);
  if (missed.length === results.length) return missed;
  const { crow, trailing } = statistics(results);
  if (crow.equal.worst < LEAST.worstEqual) missed.push(`worst page and moment: ${percent(crow.equal.worst)} % of the pixels are equal, not ${percent(LEAST.worstEqual)} %`);
  if (crow.equal.median < LEAST.medianEqual) missed.push(`median of equal pixels: ${percent(crow.equal.median)} %, not ${percent(LEAST.medianEqual)} %`);
  if (crow.ink.worst < LEAST.worstInk) missed.push(`worst ink: ${percent(crow.ink.worst)} %, not ${percent(LEAST.worstInk)} %`);
  if (crow.ink.median < LEAST.medianInk) missed.push(`median of ink: ${percent(crow.ink.median)} %, not ${percent(LEAST.medianInk)} %`);
  for (const { name, gap } of trailing) missed.push(`${name}: ${percent(-gap)} points behind rrweb`);
  return missed;
}
