import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';
import { ORG } from '../lib/crow.mjs';
import { sendSession } from '../lib/data.mjs';
import { unzip } from '../lib/zip.mjs';

const SETTINGS = `/admin/${ORG}/settings`;

async function storedSettings(crow) {
  return crow.get(SETTINGS, crow.keys.admin);
}

/** Replaces the settings as another admin would; what is left out has its default. */
async function changeElsewhere(crow, settings) {
  const { version } = await storedSettings(crow);
  const answer = await fetch(crow.page + SETTINGS, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${crow.keys.admin}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ version, settings }),
  });
  assert.equal(answer.status, 200);
}

/** A session that is in the list; gives its row. */
async function sentSession(crow, user) {
  const id = `${user}-${Date.now()}`;
  await sendSession(crow, { id, user, startedAt: Date.now() - 60_000, events: [[0, 'pageview', { page: '/gone' }]] });
  return until(async () => (await crow.sessions(`&userId=${user}&live=false`))[0]);
}

/** What is in the zip file that this click downloads. */
async function downloaded(page, click) {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return unzip(readFileSync(await download.path()));
}

/** The refusals of this case are answers that the page shows. */
const unexpected = (problems) => problems.filter((text) => !/status of (400|409)/.test(text));

const eraseButton = (page) => page.getByRole('dialog').getByRole('button', { name: /^Erase/ });

export const cases = {
  async 'privacy settings are saved; a bad value is shown at its field; nobody overwrites the other'({ crow, open }) {
    await changeElsewhere(crow, {});
    const { page, problems } = await open('#/privacy');
    const save = page.locator('.save-bar').getByRole('button', { name: 'Save' });
    const hosts = page.getByLabel('Allowed hosts');
    await page.getByRole('checkbox', { name: /E-mail/ }).check();
    await hosts.fill('https://cdn.example/x');
    await save.click();
    await page.getByRole('alert').filter({ hasText: 'host name' }).waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
    await hosts.fill('cdn.example');
    await page.getByRole('button', { name: 'Add a rule' }).click();
    const rule = page.getByRole('group', { name: 'Rule 1' });
    await rule.getByLabel('Message').fill('Loading chunk * failed*');
    await save.click();
    await page.getByRole('alert').filter({ hasText: 'rule 1 `fingerprint`' }).waitFor();
    await rule.getByLabel('Name of the issue').fill('chunk {type}');
    await page.getByLabel('Limit for console lines').fill('60');
    await page.getByRole('checkbox', { name: /^Record bodies/ }).uncheck();
    await page.getByLabel('Erase sessions after').fill('3000');
    await save.click();
    await page
      .getByRole('dialog', { name: 'Remove old data?' })
      .getByRole('button', { name: 'Save and remove' })
      .click();
    await page.getByText('Saved. Gateways apply').waitFor();
    const first = (await storedSettings(crow)).settings;
    assert.deepEqual([first.scrubbing.email, first.assetHosts], [true, ['cdn.example']]);
    const { console: lines, network } = first.recording;
    assert.deepEqual([lines.maxPerMinute, network.headers, network.bodies], [60, true, false]);
    const [stored, ...others] = first.issueRules;
    assert.deepEqual(
      [stored.message, stored.fingerprint, stored.type, others],
      ['Loading chunk * failed*', 'chunk {type}', null, []],
    );
    assert.deepEqual(first.retention, { recordingsDays: null, eventsDays: null, sessionsDays: 3000, hold: false });

    await changeElsewhere(crow, { ...first, ipAddress: 'drop', assetHosts: [] });
    await page.getByRole('checkbox', { name: /Payment card/ }).check();
    await save.click();
    await page.getByRole('alert').filter({ hasText: 'Someone else changed the settings' }).waitFor();
    await until(
      () => page.getByRole('radio', { name: /^Drop/ }).isChecked(),
      () => 'the other change is not shown',
    );
    assert.equal((await storedSettings(crow)).settings.scrubbing.card, false, 'nothing was overwritten');
    await save.click();
    await page.getByText('Saved. Gateways apply').waitFor();
    const { ipAddress, scrubbing, assetHosts } = (await storedSettings(crow)).settings;
    assert.deepEqual([ipAddress, scrubbing.email, scrubbing.card, assetHosts], ['drop', true, true, []]);
    await changeElsewhere(crow, {});
    assert.deepEqual(unexpected(problems), []);
  },

  async 'unsaved privacy settings are not lost by a click or by going back'({ open }) {
    const { page, problems } = await open('#/keys');
    await page.getByRole('link', { name: 'Privacy' }).click();
    const drop = page.getByRole('radio', { name: /^Drop/ });
    await drop.check();
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
    for (const leave of [() => page.getByRole('link', { name: 'Health' }).click(), () => page.goBack()]) {
      await leave();
      await dialog.getByRole('button', { name: 'Stay' }).click();
      await page.waitForURL(/#\/privacy$/);
      assert.ok(await drop.isChecked());
    }
    await page.getByRole('link', { name: 'Health' }).click();
    await dialog.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('heading', { name: 'Health' }).waitFor();
    assert.deepEqual(problems, []);
  },

  async 'a session is erased from its page, and its user from the list; both have receipts'({ crow, open }) {
    const user = 'erased-user';
    const gone = await sentSession(crow, user);
    const { page, problems } = await open(`#/sessions/${gone.id}`);
    const askToDelete = async () => {
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByRole('button', { name: 'Delete this session' }).click();
      await page.getByText('1 session with').waitFor();
    };
    await askToDelete();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Delete');
    await askToDelete();
    await page.getByText('This cannot be undone.').waitFor();
    await eraseButton(page).click();
    await page.getByText('The session is erased.').waitFor();
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
    await page.locator('a.list-row').first().waitFor();
    await page.locator('a.list-row', { hasText: user }).waitFor({ state: 'detached' });

    await sentSession(crow, user);
    await page.goto(`${crow.page}/#/sessions?userId=${user}`);
    await page.locator('a.list-row', { hasText: user }).waitFor();
    await page.getByRole('button', { name: 'Delete this user’s data' }).click();
    await eraseButton(page).click();
    await page.getByText('The user’s data is erased.').waitFor();
    assert.deepEqual(await crow.sessions(`&userId=${user}`), []);

    await page.getByRole('link', { name: 'Receipts' }).click();
    const [newest, before] = [page.locator('tr[data-erasure]').nth(0), page.locator('tr[data-erasure]').nth(1)];
    await newest.getByText('A user').waitFor();
    await before.getByRole('button', { name: 'Sessions' }).click();
    const receipts = page.locator('tr.receipts');
    await receipts.locator('tr', { hasText: 'Encryption keys' }).waitFor();
    await until(
      async () => (await receipts.locator('tbody tr').count()) === 6,
      () => 'not one of each store',
    );
    assert.deepEqual(await findings(page), []);
    assert.deepEqual(problems, []);
  },

  async 'what is stored about a user is downloaded, from the list and from a session'({ crow, open }) {
    const user = 'asking-user';
    const { id } = await sentSession(crow, user);
    const { page, problems } = await open(`#/sessions?userId=${user}`);
    await page.locator('a.list-row', { hasText: user }).waitFor();
    const fromList = await downloaded(page, () =>
      page.getByRole('button', { name: 'Download this user’s data' }).click(),
    );
    assert.ok('README.txt' in fromList);
    assert.ok(fromList['sessions.ndjson'].includes(`"userId":"${user}"`));
    assert.ok(!fromList['sessions.ndjson'].includes('"userId":"ada"'), 'nobody else is in it');

    await page.goto(`${crow.page}/#/sessions/${id}`);
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    const fromSession = await downloaded(page, () => page.getByRole('button', { name: /this user’s data/ }).click());
    assert.deepEqual(Object.keys(fromSession), Object.keys(fromList));
    assert.deepEqual(problems, []);
  },

  async 'a visitor whom nobody identified gets a copy, and is erased by the form'({ crow, open }) {
    const visitor = `visitor-${Date.now()}`;
    await sendSession(crow, {
      id: visitor,
      visitor,
      startedAt: Date.now() - 60_000,
      events: [[0, 'pageview', { page: '/gone' }]],
    });
    const [{ id }] = await until(async () => {
      const found = await crow.sessions(`&visitorId=${visitor}&live=false`);
      return found.length > 0 && found;
    });
    const { page, problems } = await open(`#/sessions?visitorId=${visitor}`);
    await page.locator('a.list-row').first().waitFor();
    const fromList = await downloaded(page, () =>
      page.getByRole('button', { name: 'Download this visitor’s data' }).click(),
    );
    assert.ok(fromList['sessions.ndjson'].includes(`"visitorId":"${visitor}"`));
    assert.equal(fromList['sessions.ndjson'].trim().split('\n').length, 1, 'nobody else is in it');

    await page.goto(`${crow.page}/#/sessions/${id}`);
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    const fromSession = await downloaded(page, () => page.getByRole('button', { name: /this visitor’s data/ }).click());
    assert.deepEqual(Object.keys(fromSession), Object.keys(fromList));
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('button', { name: 'Delete this visitor’s data' }).click();
    await page.getByText('1 session with').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();

    await page.goto(`${crow.page}/#/erasures`);
    await page.getByRole('button', { name: 'New erasure' }).click();
    await page.getByLabel('What to erase').selectOption('visitorId');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('alert').filter({ hasText: 'Enter a visitor id' }).waitFor();
    assert.deepEqual(await findings(page), []);
    await page.getByLabel('Visitor id').fill(visitor);
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('dialog', { name: `Erase all data of visitor “${visitor}”?` }).waitFor();
    await page.getByText('New activity of this visitor is stored in new sessions.').waitFor();
    assert.deepEqual(await findings(page), []);
    await eraseButton(page).click();
    await page.locator('tr[data-erasure]').first().getByText('A visitor').waitFor();
    assert.deepEqual(await crow.sessions(`&visitorId=${visitor}`), []);
    assert.deepEqual(problems, []);
  },

  async 'everything is erased only after the organization was typed'({ open }) {
    const { page } = await open('#/erasures');
    await page.getByRole('button', { name: 'New erasure' }).click();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('alert').filter({ hasText: 'at least one session' }).waitFor();
    await page.getByLabel('What to erase').selectOption('organization');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText(/\d+ sessions with/).waitFor();
    assert.ok(await eraseButton(page).isDisabled());
    await page.getByLabel(`Type ${ORG} to confirm`).fill('acm');
    assert.ok(await eraseButton(page).isDisabled());
    await page.getByLabel(`Type ${ORG} to confirm`).fill(ORG);
    assert.ok(await eraseButton(page).isEnabled());
    assert.deepEqual(await findings(page), []);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.waitForFunction(() => document.activeElement?.textContent?.includes('New erasure'));
  },

  async 'a key that may only read is not offered to erase or to change settings'({ crow, open }) {
    const [{ id }] = await crow.sessions('&userId=ada');
    const { page } = await open(`#/sessions/${id}`, { key: crow.keys.read });
    await page.getByRole('button', { name: 'Share' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Delete' }).count(), 0);
    await page.goto(`${crow.page}/#/sessions?userId=ada`);
    await page.locator('a.list-row').first().waitFor();
    assert.equal(await page.getByRole('button', { name: /Delete|Download this/ }).count(), 0);
    for (const name of ['privacy', 'erasures']) {
      assert.equal(await page.locator(`a.nav[href^="#/${name}"]`).count(), 0);
      await page.goto(`${crow.page}/#/${name}`);
      await page.getByText('Only admins can open this page').waitFor();
    }
  },
};
