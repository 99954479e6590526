import assert from 'node:assert/strict';
import { findings } from '../lib/axe.mjs';
import { FUNNEL } from '../lib/data.mjs';

/** What sticks out of the screen, unless it is inside something that is made to be scrolled. */
function outside() {
  const scrolls = (element) =>
    ['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(element).overflowX) &&
    element !== document.body &&
    !element.matches('.main, html, .shell');
  const isCut = (element) => {
    for (let up = element.parentElement; up; up = up.parentElement) if (scrolls(up)) return true;
    return false;
  };
  const main = document.querySelector('.main');
  const found = [...main.querySelectorAll('*')].filter(
    (element) =>
      element.getBoundingClientRect().right > innerWidth + 1 && element.getClientRects().length && !isCut(element),
  );
  // Tables must fit as well: only those that are a matrix by nature may be scrolled.
  const tables = [...main.querySelectorAll('.table:not(.retention)')].filter(
    (table) => table.scrollWidth > table.parentElement.clientWidth + 1,
  );
  return [...found, ...tables]
    .slice(0, 5)
    .map((element) => `${element.tagName}.${element.className}`)
    .concat(main.scrollWidth > main.clientWidth ? ['main'] : []);
}

/** The page of this place, with a heading, and nothing that still waits for data. */
async function shown(page, place) {
  const isShown = (name) =>
    document.querySelector('a.nav[aria-current]')?.hash.split(/[/?]/)[1] === name &&
    document.querySelector('.main h1') &&
    !document.querySelector('.main .skeleton');
  await page.waitForFunction(isShown, place.split(/[/?]/)[0]).catch(async (error) => {
    throw new Error(`${place} is not shown: ${await page.locator('body').innerText()}`, { cause: error });
  });
}

const PLACES = async (crow) => [
  'sessions',
  `sessions/${(await crow.sessions('&userId=ada'))[0].id}`,
  'interactions',
  'interactions?view=analysis',
  'products',
  'products?view=activity',
  'overview',
  'events',
  `funnels?steps=${encodeURIComponent(JSON.stringify(FUNNEL.steps))}`,
  'journeys',
  'heatmaps?page=/product',
  'retention',
  'vitals',
  'setup',
  'privacy',
  'erasures',
  'keys',
  'members',
  'audit',
  'health',
  'letters',
];

export const cases = {
  async 'axe finds nothing serious, light and dark'({ crow, open }) {
    const serious = [];
    for (const colorScheme of ['light', 'dark']) {
      const { page, problems } = await open('#/sessions', { colorScheme });
      const places = await PLACES(crow);
      for (const place of places) {
        await page.goto(`${crow.page}/#/${place}`);
        await shown(page, place);
        serious.push(...(await findings(page)).map((finding) => `${colorScheme} ${place}: ${finding}`));
      }
      assert.deepEqual(problems, []);
    }
    assert.deepEqual(serious, []);
    const { page } = await open('', { key: '' });
    assert.deepEqual(await findings(page), []);
  },

  async 'on a phone nothing is wider than the screen'({ crow, open }) {
    const { page } = await open('#/sessions', { viewport: { width: 390, height: 844 } });
    for (const place of await PLACES(crow)) {
      await page.goto(`${crow.page}/#/${place}`);
      await shown(page, place);
      const wide = await page.evaluate(outside);
      assert.deepEqual(wide, [], place);
    }
    await page.goto(`${crow.page}/#/keys`);
    const revoke = page.getByRole('button', { name: 'Revoke' }).first();
    await revoke.waitFor();
    const box = await revoke.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 390, 'Revoke is within reach');
  },

  async 'no other host is asked for anything'({ crow, open }) {
    const { page, context } = await open('#/overview');
    const asked = [];
    context.on('request', (request) => asked.push(new URL(request.url()).origin));
    await page.reload();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.deepEqual([...new Set(asked)], [crow.page]);
  },
};
