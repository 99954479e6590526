// What people keep with sessions and share of them: notes, tags, what they have watched, and public links.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';
import { pictureOf, sendSession } from '../lib/data.mjs';
import { pause, replayFrame } from '../lib/visitor.mjs';

const SHOP = 'https://shop.example';
const EVIL = '<img src=x onerror="window.hit = true">';

/** A finished session of a minute, with one heading. */
async function recorded(crow, user, heading) {
  const startedAt = Date.now() - 70 * 60_000;
  await sendSession(crow, {
    id: user,
    user,
    startedAt,
    events: [
      [0, 'pageview', { page: '/kept' }],
      [60, 'click', { page: '/kept', text: 'secret click' }],
    ],
    replay: [
      ...pictureOf(`${SHOP}/kept/ann`, heading, startedAt),
      {
        type: 3,
        timestamp: startedAt + 60_000,
        data: { source: 1, positions: [{ x: 5, y: 5, id: 5, timeOffset: 0 }] },
      },
    ],
  });
  const isWhole = ({ status, hasReplay }) => status === 'closed' && hasReplay;
  return until(
    async () => (await crow.sessions(`&userId=${user}`)).find(isWhole),
    () => `no session of ${user}`,
  );
}

export const cases = {
  async 'notes mark moments, tags and watched sessions are found again'({ crow, open }) {
    const { id } = await recorded(crow, 'kept-noted', 'Lamps');
    const { page, problems } = await open(`#/sessions/${id}?t=20000`);
    const frame = await replayFrame(page);
    await frame.getByText('Lamps').waitFor();
    await page.getByRole('tab', { name: /^Notes/ }).click();
    await pause(page);
    await page.getByLabel(/^Note at/).fill(`Look here ${EVIL}`);
    await page.getByRole('button', { name: 'Add note' }).click();
    const note = page.locator('[data-note]');
    await note.getByText(EVIL).waitFor();
    await page.locator('.timeline [data-mark]').waitFor();
    assert.deepEqual(await findings(page), []);
    const [listed] = (await crow.get(`/sessions/acme/${id}/notes`)).notes;
    assert.ok(listed.at >= (await crow.get(`/sessions/acme/${id}`)).startedAt + 20_000);
    await page.locator('.timeline-bar').focus();
    await page.keyboard.press('Home');
    await page.locator('.clock', { hasText: '0:00' }).waitFor();
    const moment = note.getByRole('button', { name: /^\d+:\d\d$/ });
    const text = await moment.innerText();
    await moment.click();
    await page.locator('.clock b', { hasText: text }).waitFor();
    await note.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Text of the note').fill('Better');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await note.getByText('Better').waitFor();

    await page.getByRole('button', { name: 'Add a tag' }).click();
    await page.getByLabel('Tag', { exact: true }).fill('Checkout');
    await page.keyboard.press('Enter');
    await page.locator('.session-tags').getByText('checkout').waitFor();
    // On a slow machine it has played for ten seconds by now.
    const watched = page.getByRole('button', { name: /^(Mark as watched|Watched by you)$/ });
    if ((await watched.getAttribute('aria-pressed')) === 'false') await watched.click();
    await page.getByRole('button', { name: 'Watched by you' }).waitFor();
    await page.goto(`${crow.page}/#/sessions?tag=checkout&watched=true`);
    await page.locator(`[data-session="${id}"]`).getByText('checkout').first().waitFor();
    assert.equal(await page.locator('[data-session]').count(), 1);
    await page.getByRole('button', { name: /^Remove the filter\s+watched/ }).waitFor();
    assert.deepEqual(await findings(page), []);
    await page.goto(`${crow.page}/#/sessions?tag=checkout&watched=false`);
    await page.getByText('No session matches').waitFor();

    await page.goto(`${crow.page}/#/sessions/${id}`);
    await page.getByRole('button', { name: 'Remove the tag checkout' }).click();
    await page.locator('.session-tags').getByText('checkout').waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: /^Notes/ }).click();
    await page.getByRole('button', { name: /^Remove the note/ }).click();
    await page.getByText('No notes yet').waitFor();
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.deepEqual(problems, []);
  },

  async 'a public link shows a masked recording to anybody until it is revoked'({ crow, open }) {
    const { id } = await recorded(crow, 'kept-shared', 'Dear Ann Lee');
    const { page } = await open(`#/sessions/${id}`);
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await page.getByRole('button', { name: 'Public link…' }).click();
    assert.deepEqual(await findings(page), []);
    await page.getByLabel('As recorded').check();
    await page.getByRole('button', { name: 'Create link' }).click();
    await page.getByText('does not allow public links that are not masked').waitFor();
    await page.getByLabel('Masked').check();
    await page.getByRole('button', { name: 'Create link' }).click();
    const link = await page.locator('[data-link]').innerText();
    assert.match(link, /\/shared\.html#lnk_\w{20}_\w{43}$/);
    await page.locator('[data-listed]', { hasText: 'never opened' }).waitFor();

    const asked = [];
    const guest = await open('', { key: '' });
    guest.page.on('request', (request) => asked.push([request.url(), request.headers().referer ?? '']));
    const answer = await guest.page.goto(link);
    assert.equal(answer.headers()['x-robots-tag'], 'noindex, nofollow');
    const frame = await replayFrame(guest.page);
    await frame.getByText('**** *** ***').waitFor();
    assert.equal(await frame.getByText('Ann').count(), 0);
    assert.equal(await guest.page.locator('nav, a').count(), 0);
    assert.deepEqual(await findings(guest.page), []);
    const token = link.split('#')[1];
    assert.ok(asked.length > 3 && asked.every((texts) => texts.every((text) => !text.includes(token))));
    const status = await guest.page.evaluate(
      async ([path, header]) => (await fetch(path, { headers: { 'X-Crow-Link': header } })).status,
      [`/sessions/acme/${id}/replay`, token],
    );
    assert.equal(status, 401);
    assert.deepEqual(guest.problems, []);

    const list = await page.context().request.get(`${crow.page}/admin/acme/replay-links?sessionId=${id}`);
    assert.equal((await list.json()).links[0].opened, 1);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('There is no public link to this session.').waitFor();
    await guest.page.reload();
    await guest.page.getByText('this link does not work').waitFor();
  },
};
