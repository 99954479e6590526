// Pictures for the README and docs/, from a real server with made-up sessions and the demo shop, which was really visited.
// `npm run screenshots [part of a name]`; needs what `npm run e2e` needs. They go to docs/pictures/.
import { mkdirSync, writeFileSync } from 'node:fs';
import * as playwright from 'playwright-core';
import { launchChromium } from '../../tools/e2e/browser.mjs';
import { until } from '../../tools/e2e/wait.mjs';
import { ORG, startCrow } from './lib/crow.mjs';
import { startDemo } from './lib/site.mjs';
import { replayFrame, visitor } from './lib/visitor.mjs';
import { DONE, shopFor } from './lib/shoppers.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
const OUT = '../docs/pictures';
const LARGEST = 200_000;
const wanted = process.argv[2] ?? '';
mkdirSync(OUT, { recursive: true });
const crow = await startCrow({ CROW_INGEST__COUNTRY_HEADER: 'CF-IPCountry' });
const browser = await launchChromium(playwright);
const { open } = visitor(browser, crow);
await crow.pausedFor(() => crow.run('seed', '--org', ORG, '--sessions', '4000', '--days', '14'));
const site = await startDemo(crow);
const shopper = await shopFor(browser, site);
const session = await until(async () =>
  (await crow.sessions('&hasReplay=true')).find(({ userId, counts }) => userId === 'nora.lind' && counts.clicks > 4),
);
const over = await until(async () =>
  (await crow.get(`/api/v1/interactions/organization/${ORG}?limit=200`)).interactions.find(isOfDone),
);

const FUNNEL = [
  { type: 'pageview', url: '/products', label: 'Products' },
  { type: 'click', label: 'Any click' },
  { type: 'pageview', url: '/cart', label: 'Cart' },
  { type: 'pageview', url: '/checkout', label: 'Checkout' },
];
/** A dashboard of a shop, for the last week. */
const board = async () => {
  const tiles = [
    { kind: 'overview', title: 'This week', size: 'full', parameters: {} },
    { kind: 'funnel', title: 'To the checkout', parameters: { steps: FUNNEL } },
    { kind: 'top', title: 'Channels', parameters: { dimension: 'channel' } },
    { kind: 'retention', title: 'Who comes back', size: 'full', parameters: { period: 'day' } },
  ];
  const { id } = await post('/dashboards/' + ORG, { name: 'Shop', isShared: true, lastHours: 168, tiles });
  return id;
};
const shots = [
  ['list', '#/sessions?range=7d', {}],
  ['session', `#/sessions/${session.id}?t=8500`, { prepare: replayed }],
  ['network', `#/sessions/${session.id}?t=9500`, { prepare: (page) => besides(page, 'Network') }],
  ['summary', `#/sessions/${over.id}?t=6000`, { prepare: summarised }],
  ['interactions', '#/interactions?range=7d', {}],
  ['analysis', '#/interactions?range=7d&view=analysis', {}],
  ['heatmap', '#/heatmaps?range=24h&page=/product/copper-kettle', { prepare: heated }],
  ['funnel', `#/funnels?range=30d&breakdown=device&steps=${encodeURIComponent(JSON.stringify(FUNNEL))}`, {}],
  ['overview', '#/overview?range=7d', {}],
  [
    'dashboard',
    `#/dashboards/${await board()}`,
    {
      context: { viewport: { width: 1440, height: 1000 } },
      prepare: (page) => page.locator('.funnel li').first().waitFor(),
    },
  ],
  ['journeys', '#/journeys?range=7d', {}],
  ['dark', `#/sessions/${session.id}?t=5000`, { prepare: replayed, context: { colorScheme: 'dark' } }],
  ['privacy', '#/privacy', { context: { viewport: { width: 1440, height: 1000 } } }],
  ['erasures', '#/erasures', { prepare: erased }],
  ['phone', '#/sessions?range=7d', { context: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 } }],
];
for (const [name, place, { prepare, context = {} }] of shots) {
  if (!name.includes(wanted)) continue;
  const { page } = await open('#/setup', context);
  await page.goto(`${crow.page}/${place}`);
  await page.waitForFunction(() => document.querySelector('.main h1') && !document.querySelector('.main .skeleton'));
  await page.mouse.move(2, 2);
  await prepare?.(page);
  await page.waitForTimeout(700);
  await keep(name, await page.screenshot());
  await page.context().close();
}
await shopper.close();
await browser.close();
await site.stop();
await crow.stop();

async function replayed(page) {
  const frame = await replayFrame(page);
  await frame.waitForSelector('h1');
  await page.waitForTimeout(1_200);
  await page.keyboard.press(' ');
}

async function besides(page, tab) {
  await replayed(page);
  await page.getByRole('tab', { name: tab }).click();
  await page.locator('.event.current').waitFor();
}

async function summarised(page) {
  await replayed(page);
  await page.getByRole('tab', { name: 'Summary' }).click();
}

function isOfDone({ data }) {
  return data?.session?.userId === DONE;
}

async function heated(page) {
  await page.frameLocator('iframe[title="The page"]').frameLocator('.replayer-wrapper iframe').locator('h1').waitFor();
}

/** Two erasures, one of them with its receipts open. */
async function erased(page) {
  const [{ userId }] = (await crow.sessions()).filter((one) => one.userId && one.userId !== 'nora.lind');
  for (const subject of [{ property: { name: 'plan', value: 'trial' } }, { userId }])
    await post(`/admin/${ORG}/erasures`, subject);
  await page.reload();
  const newest = page.locator('tr[data-erasure]').first();
  await newest.getByText('complete').waitFor({ timeout: 120_000 });
  await newest.getByRole('button').click();
  await page.locator('tr.receipts tbody tr').first().waitFor();
}

async function post(path, body) {
  const answer = await fetch(crow.page + path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${crow.keys.admin}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** As WebP, which a browser makes as well as any program. */
async function keep(name, png) {
  const page = await browser.newPage();
  const webp = await page.evaluate(async (data) => {
    const image = await createImageBitmap(await fetch(`data:image/png;base64,${data}`).then((answer) => answer.blob()));
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext('2d').drawImage(image, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.86 });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, png.toString('base64'));
  await page.close();
  if (webp.length > LARGEST) throw new Error(`${name} has ${webp.length} bytes`);
  writeFileSync(`${OUT}/${name}.webp`, Buffer.from(webp));
  console.log(`${name}.webp ${(webp.length / 1000).toFixed(0)} KB`);
}
