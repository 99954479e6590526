import assert from 'node:assert/strict';
import { COLOURS, findings } from '../lib/axe.mjs';
import { FUNNEL } from '../lib/data.mjs';
import { shown } from '../lib/visitor.mjs';

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

/** Stores something of the organization, and gives its id. */
async function store(crow, path, body) {
  const headers = { Authorization: `Bearer ${crow.keys.admin}`, 'Content-Type': 'application/json' };
  const answer = await fetch(crow.page + path, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 201, await answer.clone().text());
  return (await answer.json()).id;
}

/** A dashboard with a tile of each kind. */
function board(crow) {
  const tiles = Object.entries({
    overview: {},
    top: { dimension: 'page' },
    events: { type: 'click' },
    funnel: { steps: FUNNEL.steps, by: 'person', breakdown: 'device' },
    journeys: {},
    heatmap: { page: '/product' },
    pages: {},
    retention: { period: 'day', startType: 'pageview', breakdown: 'device' },
    vitals: {},
    sessions: {},
    people: {},
    issues: { status: 'open' },
  }).map(([kind, parameters]) => ({ kind, parameters }));
  return store(crow, '/dashboards/acme', { name: `Looks ${Date.now()}`, isShared: true, lastHours: 24, tiles });
}

/** A collection with a session. */
async function collection(crow, session) {
  const id = await store(crow, '/collections/acme', { name: `Looks ${Date.now()}`, note: 'What checkout looks like' });
  const headers = { Authorization: `Bearer ${crow.keys.admin}` };
  const path = `${crow.page}/collections/acme/${id}/sessions/${session}`;
  assert.equal((await fetch(path, { method: 'PUT', headers })).status, 204);
  return id;
}

const PLACES = async (crow) => [
  'sessions',
  `sessions/${(await crow.sessions('&userId=ada'))[0].id}`,
  'interactions',
  'interactions?view=analysis',
  'products',
  'products?view=activity',
  'errors?status=all',
  ...(await crow.get('/issues/acme?limit=1')).issues.map(({ id }) => `errors/${encodeURIComponent(id)}`),
  'people',
  'people/user/ada',
  'dashboards',
  `dashboards/${await board(crow)}`,
  'collections',
  `collections/${await collection(crow, (await crow.sessions('&userId=ada'))[0].id)}`,
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
  'source-maps',
];

export const cases = {
  async 'axe finds nothing serious, light and dark'({ crow, open }) {
    const { page, problems } = await open('#/sessions');
    const serious = [];
    for (const place of await PLACES(crow)) {
      await page.goto(`${crow.page}/#/${place}`);
      await shown(page, place);
      const light = await findings(page);
      await page.emulateMedia({ colorScheme: 'dark' });
      const dark = await findings(page, COLOURS);
      await page.emulateMedia({ colorScheme: 'light' });
      serious.push(
        ...light.map((finding) => `${place}: ${finding}`),
        ...dark.map((finding) => `dark ${place}: ${finding}`),
      );
    }
    assert.deepEqual(problems, []);
    assert.deepEqual(serious, []);
    const { page: signIn } = await open('', { key: '' });
    assert.deepEqual(await findings(signIn), []);
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
