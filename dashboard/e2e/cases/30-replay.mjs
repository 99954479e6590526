import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { until } from '../../../tools/e2e/wait.mjs';
import { DEMO_SESSION, sendHour } from '../lib/data.mjs';
import { clockOf, pause, replayFrame } from '../lib/visitor.mjs';

async function demo({ open, crow }, parameters = '') {
  const [{ id }] = await crow.sessions('&userId=ada');
  return { id, ...(await open(`#/sessions/${id}${parameters}`)) };
}

/** What the recorded page says about its own time, which says where the replay is. */
const shownTime = (frame) => frame.evaluate(() => Number(/Time (\d+)/.exec(document.body.innerText)?.[1] ?? -1));

/** Milliseconds until `isTrue`. They are told, not judged: machines differ. */
async function timed(isTrue) {
  const startedAt = performance.now();
  await until(isTrue);
  return Math.round(performance.now() - startedAt);
}

export const cases = {
  async 'an hour starts and seeks at once'(world) {
    const { crow, open } = world;
    await sendHour(crow, Date.now() - 3 * 3600_000);
    const { id } = await until(async () =>
      (await crow.sessions('&userId=hour')).find(({ counts }) => counts.replayEvents > 10_000),
    );
    const { page } = await open('#/sessions?userId=hour');
    await page.locator(`[data-session="${id}"]`).click();
    const start = await timed(async () =>
      page
        .locator('iframe[title="Replay"]')
        .contentFrame()
        .frameLocator('.replayer-wrapper iframe')
        .getByText('tick')
        .isVisible()
        .catch(() => false),
    );
    const frame = await replayFrame(page);
    const tick = () =>
      frame.evaluate(() => Number(/tick (\d+)/.exec(document.body?.innerText ?? '')?.[1] ?? -1)).catch(() => -1);
    const seeks = [];
    for (const [key, from, to] of [
      ['End', 3_500, 3_700],
      ['Home', 0, 20],
    ]) {
      await page.getByRole('slider', { name: 'Position' }).focus();
      const pressed = page.keyboard.press(key);
      seeks.push(await timed(async () => (await tick()) >= from && (await tick()) <= to));
      await pressed;
    }
    const shared = await open(`#/sessions/${id}?t=1800000`);
    const late = await timed(async () => {
      const inner = await replayFrame(shared.page);
      return inner
        .evaluate(() => Number(/tick (\d+)/.exec(document.body?.innerText ?? '')?.[1] ?? -1) >= 1_799)
        .catch(() => false);
    });
    console.log(
      `      an hour: starts in ${start} ms, seeks in ${seeks.join(' and ')} ms, a link into its middle in ${late} ms`,
    );
  },

  async 'a recording plays, and the list of events is in step'(world) {
    const { page, problems } = await demo(world);
    const frame = await replayFrame(page);
    await until(async () => (await shownTime(frame)) >= 0);
    const before = await clockOf(page);
    await until(async () => (await clockOf(page)) > before);
    // Which one it is depends on how far a busy machine has played.
    await page.locator('.event.current').first().waitFor();
    await pause(page);
    const still = await clockOf(page);
    await page.getByRole('button', { name: /Next event/ }).click();
    await until(async () => (await clockOf(page)) > still);
    assert.deepEqual(problems, []);
  },

  async 'a click on an event goes there, and so does the timeline'(world) {
    const { page } = await demo(world);
    const frame = await replayFrame(page);
    await until(async () => (await shownTime(frame)) >= 0);
    await pause(page);
    await page.locator('.event-row', { hasText: 'searched' }).click();
    await until(async () => Math.abs((await clockOf(page)) - 40) <= 1);
    const late = await until(
      async () => ((await shownTime(frame)) > 30 ? shownTime(frame) : 0),
      async () => `shows ${await shownTime(frame)}`,
    );
    await page.getByRole('slider', { name: 'Position' }).focus();
    await page.keyboard.press('Home');
    await until(async () => (await shownTime(frame)) < late - 20);
  },

  async 'a shared link begins at its moment, and fetches from there only'(world) {
    const { page } = await demo(world, '?t=60000');
    const frame = await replayFrame(page);
    await until(async () => (await clockOf(page)) >= 60);
    await until(async () => (await shownTime(frame)) > 50);
    await page.getByRole('button', { name: 'Share' }).click();
    const shared = await page.getByLabel('Link for people').inputValue();
    assert.ok(Number(/t=(\d+)/.exec(shared)?.[1]) >= 60_000, shared);
  },

  async 'details say who, what on, and that all has arrived'(world) {
    const { page } = await demo(world);
    await page.getByRole('tab', { name: 'Details' }).click();
    for (const text of [
      'Chrome',
      'Windows',
      '1280x720',
      'Europe/Berlin',
      'Everything that the browser sent has arrived.',
    ])
      await page.locator('.details').getByText(text, { exact: false }).first().waitFor();
    await page.getByRole('tab', { name: /^Errors/ }).click();
    await page.getByText('price is undefined').first().waitFor();
  },

  async 'the downloaded file plays by itself and asks nobody'(world) {
    const { page, context } = await demo(world);
    await page.getByRole('button', { name: 'Download' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'One HTML file' }).click(),
    ]);
    const path = await download.path();
    assert.ok(readFileSync(path, 'utf8').includes("default-src 'none'"));
    const file = await context.newPage();
    const asked = [];
    file.on('request', (request) => !/^(file|data|about|blob):/.test(request.url()) && asked.push(request.url()));
    const local = `${path}.html`;
    await download.saveAs(local);
    await file.goto(`file://${local}`);
    const frame = await (await file.waitForSelector('.replayer-wrapper iframe', { state: 'attached' })).contentFrame();
    await until(async () => (await shownTime(frame)) >= 1);
    assert.deepEqual(asked, []);
    const [ndjson] = await Promise.all([
      page.waitForEvent('download'),
      (async () => {
        await page.getByRole('button', { name: 'Download' }).click();
        await page.getByRole('link', { name: 'NDJSON' }).click();
      })(),
    ]);
    const lines = readFileSync(await ndjson.path(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(lines.filter(({ k }) => k === 'r').length, DEMO_SESSION.replay.length);
  },
};
