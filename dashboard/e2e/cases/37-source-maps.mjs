// Source maps, from the bundle to the page of an error: the command line writes debug ids, a browser runs the bundle with the SDK, and the
// dashboard shows the source. The bundle is that of crates/sourcemap.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesOf, fileIn, serve } from '../../../tools/e2e/hosts.mjs';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';
import { replayFrame } from '../lib/visitor.mjs';

const path = (relative) => new URL(`../../../${relative}`, import.meta.url).pathname;
const BUNDLES = path('crates/sourcemap/src/tests/bundles/');
const BINARY = process.env.CROW_BIN ?? path('target/debug/crow');

/** A folder with the bundle and its map, as a build leaves it. */
function build() {
  const folder = mkdtempSync(join(tmpdir(), 'crow-maps-'));
  cpSync(join(BUNDLES, 'esbuild'), folder, { recursive: true });
  return folder;
}

const upload = (crow, folder, ...words) =>
  execFileSync(BINARY, ['sourcemaps', 'upload', folder, '--org', 'acme', '--url', crow.page, ...words], {
    env: { ...process.env, CROW_API_KEY: crow.keys.admin },
    encoding: 'utf8',
  });

/** Visits a page with the bundle, whose code fails. The name of the script is part of what makes an error new. */
async function visit({ crow, browser }, folder, release, script = 'app') {
  const options = JSON.stringify({ allowBots: true, respectDoNotTrack: false, release });
  const html = `<!doctype html><title>Shop</title><h1>Shop</h1>
    <script src="/sdk/crow.js" data-key="${crow.keys.write}" data-endpoint="${crow.ingest}" data-options='${options}'
      data-replay='{"console":true}'></script>
    <script type="module" src="/static/${script}.js"></script>`;
  const site = await serve((_, { pathname }) => {
    if (pathname.startsWith('/sdk/')) return fileIn(path('sdk/dist/script/'), pathname.slice('/sdk/'.length));
    if (pathname.startsWith('/static/'))
      return fileIn(`${folder}/`, pathname.replace(script, 'app').slice('/static/'.length));
    return { headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: html };
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${site.origin}/cart`);
  await page.waitForFunction(() => typeof globalThis.run === 'function');
  await page.waitForFunction(() => Boolean(globalThis.CROWReplay?.devtools));
  await page.evaluate(() => {
    console.warn('about to pay');
    // At another moment of the replay.
    setTimeout(() => globalThis.run([{}]), 1_000);
  });
  return { site, context };
}

/** A webhook that is told about new errors, and what it gets. Other cases use its address, so `stop` removes it and its alert. */
async function alerted({ crow }) {
  const received = [];
  const answer = async (request) => {
    received.push(JSON.parse(await bytesOf(request)));
    return { status: 204 };
  };
  const { origin, stop } = await serve(answer, Number(new URL(crow.shop).port));
  const headers = { Authorization: `Bearer ${crow.keys.admin}`, 'Content-Type': 'application/json' };
  const stored = [];
  const store = async (place, body) => {
    const answer = await fetch(crow.page + place, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.equal(answer.status, 201, await answer.clone().text());
    const { id } = await answer.json();
    stored.unshift(`${place}/${id}`);
    return id;
  };
  const id = await store('/webhooks/acme', { kind: 'standard', name: `trail${Date.now()}`, url: `${origin}/hook` });
  await store('/alerts/acme', { name: 'New', rule: { number: 'newIssue' }, targets: [{ kind: 'webhook', id }] });
  return {
    received,
    async stop() {
      for (const place of stored) {
        const { status } = await fetch(crow.page + place, { method: 'DELETE', headers });
        assert.equal(status, 204, place);
      }
      await stop();
    },
  };
}

async function issueOf(crow, release) {
  const { issues } = await crow.get(`/issues/acme?release=${release}`);
  return issues[0];
}

export const cases = {
  async 'an error in a bundle is shown in its source, found by the debug id'(world) {
    const { crow, open } = world;
    const folder = build();
    const release = `r${Date.now()}`;
    // The path is that of no script: only the debug id leads to the map.
    const words = ['--release', `other-${release}`, '--url-prefix', '/elsewhere'];
    assert.match(upload(crow, folder, ...words, '--dry-run'), /would upload \/elsewhere\/app\.js/);
    assert.match(upload(crow, folder, ...words), /uploaded \/elsewhere\/app\.js: 2 kB, new debug id/);
    const script = readFileSync(join(folder, 'app.js'), 'utf8');
    assert.doesNotMatch(upload(crow, folder, ...words), /new debug id/);
    assert.equal(readFileSync(join(folder, 'app.js'), 'utf8'), script);

    const { site, context } = await visit(world, folder, release);
    const issue = await until(() => issueOf(crow, release));
    const { page, problems } = await open(`#/errors/${encodeURIComponent(issue.id)}`);
    const first = page.locator('[data-frame="app"]').first();
    await first.getByText('priceOf', { exact: true }).waitFor();
    await first.getByText(/sample\/cart\.js:6:\d+/).waitFor();
    await first.locator('code.at').getByText('return price.amount;').waitFor();
    await page.locator('[data-frame="app"]').getByText('checkout', { exact: true }).waitFor();
    assert.equal(await page.locator('.missing-maps').count(), 0);
    assert.deepEqual(await findings(page), []);

    await page.goto(`${crow.page}/#/source-maps?release=other-${release}`);
    const row = page.locator('tr[data-map]');
    await row.getByText('/elsewhere/app.js').waitFor();
    assert.deepEqual(await findings(page), []);
    await row.getByRole('button', { name: 'Delete' }).click();
    await row.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('No map of this release is stored.').waitFor();
    await page.goto(`${crow.page}/#/errors/${encodeURIComponent(issue.id)}`);
    // The page still has what it had read before.
    await page.reload();
    await page.getByText('Source map missing for release').waitFor();
    await page.getByText(`crow sourcemaps upload dist --release ${release} --org acme --url ${crow.page}`).waitFor();
    assert.deepEqual(await findings(page), []);
    assert.deepEqual(problems, []);
    await context.close();
    await site.stop();
    rmSync(folder, { recursive: true });
  },

  async 'an alert leads to the error, the moment in the replay, the console and the line of the source'(world) {
    const { crow, open } = world;
    const folder = build();
    const release = `trail${Date.now()}`;
    upload(crow, folder, '--release', release);
    const { received, stop } = await alerted(world);
    const script = `trail-${[...String(Date.now())].map((digit) => 'abcdefghij'[digit]).join('')}`;
    const told = async () => {
      const at = await visit(world, folder, release, script);
      const { id } = await until(() => issueOf(crow, release));
      const isAbout = ({ data }) => data.issues?.some((issue) => issue.id === id);
      // Alerts are evaluated once a minute.
      return { ...at, id, message: await until(() => received.find(isAbout), undefined, 180_000) };
    };
    const { site, context, id, message } = await told().finally(stop);
    assert.equal(message.type, 'issue.new');

    const { page, problems } = await open(`#/errors/${encodeURIComponent(id)}`);
    await page.locator('[data-frame="app"] code.at').first().getByText('return price.amount;').waitFor();
    await page
      .getByRole('link', { name: /^Watch the session/ })
      .first()
      .click();
    await (await replayFrame(page)).getByRole('heading', { name: 'Shop' }).waitFor();
    await page.keyboard.press(' ');
    await page.getByRole('tab', { name: /^Console/ }).click();
    const line = page.locator('.event', { hasText: 'about to pay' });
    await line.locator('.event-row').click();
    await page.locator('.event.current', { hasText: 'about to pay' }).waitFor();
    await page.getByRole('tab', { name: /^Errors/ }).click();
    await page
      .getByRole('button', { name: /^Details of/ })
      .first()
      .click();
    await page.getByText(/sample\/cart\.js:6:\d+/).waitFor();
    await page.locator('code.at').first().getByText('return price.amount;').waitFor();
    assert.deepEqual(await findings(page), []);
    assert.deepEqual(problems, []);
    await context.close();
    await site.stop();
    rmSync(folder, { recursive: true });
  },
};
