// Whether everybody can use a page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules about colours, which alone can find something else in another colour scheme. */
export const COLOURS = ['color-contrast', 'link-in-text-block'];

/** What axe finds serious on a page, by all rules or by these. */
export async function findings(page, rules) {
  // Colours in a transition have too little contrast. What turns without end is no transition.
  await page.evaluate(async () => {
    const moving = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime < Infinity);
    await Promise.allSettled(moving.map(({ finished }) => finished));
  });
  // The page's policy forbids a script tag; this is the debugger's door, which has no policy.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (runOnly) =>
      globalThis.axe.run(document, { iframes: false, resultTypes: ['violations'], ...(runOnly && { runOnly }) }),
    rules,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 4).map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
    );
}
