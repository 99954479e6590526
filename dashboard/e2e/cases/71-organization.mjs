// A new organization's whole path: from the link that the server prints to sign-ins that end while their pages are open.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';
import { client, ORG, startEmpty } from '../lib/crow.mjs';
import { pictureOf, sendSession } from '../lib/data.mjs';
import { continueAs, makeAccount, PASSWORD, placeOf, signIn } from '../lib/people.mjs';
import { enterKey, shown, visitor } from '../lib/visitor.mjs';

/** In each e-mail address of the shop's visitors, and nowhere else. */
const TRACE = 'zq-';
const VISITORS = ['ada', 'bela', 'cleo'].map((name) => `${TRACE}${name}@${TRACE}homes.example`);
/** How long the short key lasts: long enough to look at it first, and over before its turn comes. */
const SHORT_MS = 15_000;
const ENDED = 'Your sign-in has ended';

/** What is on the screen, for those who want to look. */
async function picture(page, name) {
  if (process.env.CROW_PICTURES)
    await page.screenshot({ path: `${process.env.CROW_PICTURES}/organization-${name}.png` });
}

/** The first link makes the first owner, once. */
async function becomesOwner({ crow, open }) {
  const place = placeOf(crow.said());
  const owner = await open(place, { key: '' });
  const { page } = owner;
  await page.getByText('You are the first person here').waitFor();
  assert.deepEqual(await findings(page), []);
  await page.getByLabel('Organization').fill(ORG);
  await page.getByLabel('E-mail').fill('olga@shop.example');
  await picture(page, 'first-link');
  await makeAccount(page, 'Olga');
  await page.getByRole('link', { name: 'Olga' }).waitFor();
  const { page: late } = await open(place, { key: '' });
  await late.getByText('This link does not work any more').waitFor();
  await late.context().close();
  return owner;
}

/** Makes a key on the page of keys. */
async function makesKey({ page }, name, scopes) {
  await page.getByRole('link', { name: 'API keys' }).click();
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Name').fill(name);
  for (const scope of scopes) await page.getByRole('checkbox', { name: new RegExp(`^${scope}`) }).check();
  await page.getByLabel('Expires').selectOption('in 30 days');
  await page.getByRole('button', { name: 'Create' }).click();
  const key = await page.locator('[data-new-key]').textContent();
  await page.getByRole('button', { name: 'Done' }).click();
  const row = rowOf(page, name);
  await row.waitFor();
  assert.equal(await row.getByText('soon').count(), 0, 'a month is not soon');
  return key;
}

const rowOf = (page, name) => page.locator('tr', { hasText: name });

/** A key that ends soon, which the page of keys says. No form makes one of a few seconds. */
async function makesShortKey({ crow }, { page }) {
  const body = { name: 'Short', scopes: ['ingest', 'read'], allowedOrigins: [], expiresAt: Date.now() + SHORT_MS };
  const answer = await fetch(`${crow.page}/admin/${ORG}/keys`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${crow.key(ORG, 'admin')}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { key } = await answer.json();
  assert.ok(key, `${answer.status}`);
  await page.reload();
  await rowOf(page, 'Short').getByText('soon').waitFor();
  await picture(page, 'keys');
  return key;
}

/** Sessions with an e-mail address in each place where a shop may put one. */
async function fillsShop(shop) {
  for (const [index, mail] of VISITORS.entries()) {
    const startedAt = Date.now() - (index + 2) * 60_000;
    const page = `/welcome/${mail}`;
    await sendSession(shop, {
      id: `visit-${index}`,
      startedAt,
      user: mail,
      visitor: `visitor of ${mail}`,
      traits: { email: mail, plan: 'member' },
      referrer: `https://mail.example/${mail}/inbox?of=${mail}`,
      replay: pictureOf(`https://shop.example${page}`, `Account of ${mail}`, startedAt),
      events: [
        [0, 'pageview', { page, title: `Account of ${mail}` }],
        [1, 'pageview', { page: `/orders/${encodeURIComponent(mail)}?mail=${mail}#${mail}` }],
        [2, 'click', { page, text: `Write to ${mail}`, x: 320, y: 505 }],
        [3, 'error', { page, message: `no order of ${mail}` }],
        [4, 'custom', { page, name: `asked by ${mail}`, from: mail }],
        [5, 'input', { page, label: 'E-mail', value: mail }],
        [6, 'performance', { page, ttfb: 120, fcp: 900, lcp: 1500, cls: 0.02, inp: 90, load: 2300 }],
      ],
    });
  }
  await until(async () => (await shop.sessions('&live=false')).length === VISITORS.length);
}

/** Keeps each answer that a page gets from the server. */
function listen(page, origin) {
  const answers = [];
  page.on('response', (answer) => {
    const { pathname, search } = new URL(answer.url());
    const type = answer.headers()['content-type'] ?? '';
    if (!answer.url().startsWith(origin) || !/json|event-stream|text\/(plain|csv|html)/.test(type)) return;
    const path = pathname + search;
    // A stream has no end, and would have the whole of a session in it.
    if (type.includes('event-stream')) return void answers.push({ path, text: `${TRACE}stream` });
    answers.push(
      answer.text().then(
        (text) => ({ path, text }),
        // The page has given up on it, so nobody gets it.
        () => ({ path, text: '' }),
      ),
    );
  });
  return {
    /** The paths of the answers with an address of a visitor in them, whole or in part. */
    async telling() {
      const all = await Promise.all(answers);
      return all.filter(({ text }) => text.includes(TRACE)).map(({ path }) => path);
    },
    /** How many had a text. */
    count: async () => (await Promise.all(answers)).filter(({ text }) => text).length,
  };
}

/** The owner invites somebody; gives the place of the link. */
async function invites({ page }, email, role) {
  await page.getByRole('link', { name: 'Members' }).click();
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail').fill(email);
  await dialog.getByRole('radio', { name: new RegExp(`^${role}`) }).check();
  await dialog.getByRole('button', { name: 'Invite' }).click();
  const link = await page.locator('[data-link]').textContent();
  await picture(page, 'invitation');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.locator(`[data-invitation="${email}"]`).waitFor();
  return placeOf(link);
}

/** An invitation becomes an account that signs in by password; the link works once. */
async function accepts({ crow, open }, place, email) {
  const marta = await open('', { key: '' });
  const { page } = marta;
  const heard = listen(page, crow.page);
  await page.goto(`${crow.page}/${place}`);
  await page.getByText(`You are invited to ${ORG} as marketing.`).waitFor();
  assert.deepEqual(await findings(page), []);
  assert.equal(await page.getByLabel('E-mail').inputValue(), email);
  await makeAccount(page, 'Marta');
  await page.getByRole('heading', { name: 'Sessions' }).waitFor();
  assert.ok(!page.url().includes('accept'), 'the token is not in the address any more');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(page, email, 'not my password');
  await page.getByRole('alert').filter({ hasText: 'wrong' }).waitFor();
  await signIn(page, email, PASSWORD);
  await page.getByRole('link', { name: 'Marta' }).waitFor();
  const { page: again } = await open(place, { key: '' });
  await again.getByText('This link does not work any more').waitFor();
  await again.context().close();
  return { ...marta, heard };
}

/** Goes to each page of the menu. */
async function looksAround({ page }, { crow }) {
  const places = await page.locator('a.nav').evaluateAll((links) => links.map(({ hash }) => hash));
  assert.ok(places.length >= 5, `only ${places}`);
  for (const place of places) {
    await page.goto(`${crow.page}/${place}`);
    await shown(page, place.slice(2));
  }
}

/** No answer to somebody of marketing has an address of a visitor in it, also not what the pages do not ask for. */
async function seesNobody(marta, owner, world) {
  const { page, heard } = marta;
  const { crow } = world;
  await looksAround(marta, world);
  await page.goto(`${crow.page}/#/sessions`);
  const row = page.locator('[data-session]').first();
  await row.waitFor();
  assert.equal(await page.locator('[data-session]').count(), VISITORS.length);
  await picture(page, 'masked');
  // What the server refuses to marketing is not offered: looking for a person, and the admins' part of the menu.
  assert.equal(await page.getByRole('searchbox').count(), 0);
  assert.equal(await page.getByRole('heading', { name: 'Admin' }).count(), 0);
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  const offered = await page.getByRole('dialog', { name: 'Add a filter' }).getByRole('button').allInnerTexts();
  assert.ok(
    offered.includes('Country') && !offered.some((name) => /User|Visitor|page|Referrer/.test(name)),
    `${offered}`,
  );
  await page.keyboard.press('Escape');
  const id = await row.getAttribute('data-session');
  await page.goto(`${crow.page}/#/sessions/${id}`);
  await page.getByText('You cannot open this page').waitFor();
  for (const name of ['members', 'privacy', 'keys', 'audit']) {
    assert.equal(await page.locator(`a.nav[href^="#/${name}"]`).count(), 0);
    await page.goto(`${crow.page}/#/${name}`);
    await page.getByText('Only admins can open this page').waitFor();
  }
  const statuses = await page.evaluate(
    (paths) =>
      Promise.all(
        paths.map(async (path) => {
          const answer = await fetch(path);
          await answer.text();
          return answer.status;
        }),
      ),
    ['', '/events', '/replay', '/replay?format=rrweb'].map((part) => `/sessions/${ORG}/${id}${part}`),
  );
  assert.deepEqual(statuses, [200, 403, 403, 403]);
  assert.deepEqual(await heard.telling(), []);
  const heardOf = await heard.count();
  assert.ok(heardOf > 10, `only ${heardOf} answers`);

  // The same search finds them in what an owner gets.
  const own = listen(owner.page, crow.page);
  await owner.page.goto(`${crow.page}/#/sessions/${id}`);
  await owner.page.getByText(`Write to ${TRACE}`).first().waitFor();
  const telling = await own.telling();
  for (const path of [`/sessions/${ORG}/${id}`, `/sessions/${ORG}/${id}/replay`])
    assert.ok(
      telling.some((one) => one.split('?')[0] === path),
      `${path} is not among ${telling}`,
    );
}

/** Somebody of the staff gets an account from the provider, and comes back to the page that was asked for. */
async function comesFromProvider({ open }) {
  const petra = await open('#/retention', { key: '' });
  const { page } = petra;
  await page.getByRole('link', { name: 'Continue with Staff account' }).waitFor();
  assert.deepEqual(await findings(page), []);
  await continueAs(page, 'petra');
  await page.getByRole('heading', { name: 'Retention' }).waitFor();
  await page.getByRole('link', { name: 'Petra' }).waitFor();
  assert.match(page.url(), /\/app#\/retention$/);
  return petra;
}

/** A key that has expired is refused; the page that was opened with it says so. */
async function keyExpires({ crow }, { page: owners }, { page }, key) {
  const status = async () => {
    const body = JSON.stringify({ sessionId: 'late', event: { type: 'pageview', url: 'https://shop.example/' } });
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
    return (await fetch(`${crow.ingest}/track`, { method: 'POST', headers, body })).status;
  };
  await until(
    async () => (await status()) === 401,
    () => 'an expired key still works',
  );
  await isTold(page);
  await enterKey(page, key);
  await page.getByRole('alert').filter({ hasText: 'unknown or was revoked' }).waitFor();
  await owners.goto(`${crow.page}/#/keys`);
  await owners.reload();
  await rowOf(owners, 'Short').getByText('expired').waitFor();
}

/** Going to another page says that the sign-in has ended, unless the page has asked by itself before. */
async function isTold(page) {
  await page.evaluate(() => (window.location.hash = '#/overview'));
  await page.getByRole('alert').filter({ hasText: ENDED }).waitFor();
}

/** Sign-ins end while their pages are open. The pages say so, and lead back. */
async function areShutOut({ crow }, { page: owners }, petra, marta) {
  await owners.goto(`${crow.page}/#/members`);
  await owners.reload();
  await owners.locator('[data-user^="petra@"]').getByRole('button', { name: 'Sign out' }).click();
  await owners.getByText('Petra is signed out everywhere').waitFor();
  await isTold(petra.page);
  assert.deepEqual(await findings(petra.page), []);
  await picture(petra.page, 'ended');
  // The provider knows this browser.
  await petra.page.getByRole('link', { name: 'Continue with Staff account' }).click();
  await petra.page.getByRole('heading', { name: 'Overview' }).waitFor();

  await owners.locator(`[data-user="${marta.email}"]`).getByRole('button', { name: 'Disable' }).click();
  await owners.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await owners.locator(`[data-user="${marta.email}"]`).getByText('disabled').waitFor();
  // Coming back to the page asks at once.
  await marta.page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
  await marta.page.getByRole('alert').filter({ hasText: ENDED }).waitFor();
  await signIn(marta.page, marta.email, PASSWORD);
  await marta.page.getByRole('alert').filter({ hasText: 'wrong' }).waitFor();
}

/** A live stream is cut when its sign-in ends. */
const isUnexpected = (problem) => !/INCOMPLETE_CHUNKED.*\/live\//.test(problem);

export const cases = {
  async 'from the first link to sign-ins that end: owner, marketing, provider and keys'({ browser }) {
    const crow = await startEmpty();
    try {
      const world = { crow, ...visitor(browser, crow) };
      const owner = await becomesOwner(world);
      const write = await makesKey(owner, 'The shop', ['ingest']);
      const short = await makesShortKey(world, owner);
      const guest = await world.open('#/sessions', { key: short });
      await fillsShop({ ...crow, ...client(crow, { write, read: crow.key(ORG, 'read') }) });
      const email = 'marta@shop.example';
      const marta = { ...(await accepts(world, await invites(owner, email, 'marketing'), email)), email };
      await seesNobody(marta, owner, world);
      const petra = await comesFromProvider(world);
      await keyExpires(world, owner, guest, short);
      await areShutOut(world, owner, petra, marta);
      for (const { problems } of [owner, marta, petra, guest]) assert.deepEqual(problems.filter(isUnexpected), []);
    } finally {
      await crow.stop();
    }
  },
};
