import assert from 'node:assert/strict';
import { enterKey } from '../lib/visitor.mjs';

export const cases = {
  async 'a wrong key is refused, and a key that only writes'({ crow, open }) {
    const { page } = await open('', { key: '' });
    for (const key of [`crow_${'x'.repeat(43)}`, crow.keys.write]) {
      await enterKey(page, key);
      await page
        .getByRole('alert')
        .filter({ hasText: key === crow.keys.write ? 'may only write' : 'unknown' })
        .waitFor();
    }
    assert.equal(await page.getByRole('navigation', { name: 'Pages' }).count(), 0);
  },

  async 'the key becomes a cookie that scripts cannot read, and is kept nowhere'({ crow, open }) {
    const { page, context, problems } = await open('', { key: '' });
    await enterKey(page, crow.keys.admin);
    await page.getByText('acme', { exact: true }).waitFor();
    const cookie = (await context.cookies()).find(({ name }) => name === 'crow_session');
    assert.ok(cookie?.httpOnly && cookie.sameSite === 'Strict' && cookie.path === '/');
    const kept = await page.evaluate(() =>
      JSON.stringify([
        { ...localStorage },
        { ...sessionStorage },
        document.cookie,
        document.documentElement.outerHTML,
        location.href,
        history.state,
      ]),
    );
    assert.ok(!kept.includes(crow.keys.admin) && !kept.includes(cookie.value));
    await page.reload();
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
    assert.deepEqual(problems, []);
  },

  async 'signing out ends it'({ open, crow }) {
    const { page, context } = await open();
    const before = await context.cookies();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    assert.equal(await page.getByText('Your sign-in has ended').count(), 0, 'one knows that one has signed out');
    const old = before.map(({ name, value }) => `${name}=${value}`).join('; ');
    const answer = await fetch(`${crow.page}/auth/session`, { headers: { Cookie: old } });
    assert.equal(answer.status, 401, 'the old cookie is worth nothing');
  },

  async 'a key that may only read sees no admin pages'({ crow, open }) {
    const { page } = await open('#/keys', { key: crow.keys.read });
    await page.getByText('Only admins can open this page').waitFor();
  },
};
