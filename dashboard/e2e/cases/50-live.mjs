import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { replayFrame } from '../lib/visitor.mjs';

export const cases = {
  async 'a session is watched while another page produces it'({ crow, site, browser, open }) {
    const shopper = await (await browser.newContext({ viewport: { width: 1100, height: 720 } })).newPage();
    await shopper.goto(`${site.origin}/product`);
    await shopper.waitForFunction(() => window.crow?.identify);
    await shopper.evaluate(() => window.crow.identify('shopper-live'));
    await shopper.getByRole('heading', { name: 'Bow lamp' }).click();
    const session = await until(async () =>
      (await crow.sessions('&live=true&hasReplay=true')).find(({ userId }) => userId === 'shopper-live'),
    );

    const { page, problems } = await open('#/sessions');
    await page.locator(`[data-session="${session.id}"] .live`).first().waitFor();
    await page.locator(`[data-session="${session.id}"]`).click();
    await page.locator('.go-live', { hasText: 'Live' }).waitFor();
    const frame = await replayFrame(page);
    await frame.getByRole('heading', { name: 'Bow lamp' }).waitFor();

    const delays = [];
    for (const text of ['first', 'second', 'third', 'fourth', 'fifth']) {
      const sentAt = Date.now();
      await shopper.evaluate((words) => (document.querySelector('.product h1').textContent = words), text);
      await shopper.mouse.move(300 + delays.length * 40, 300, { steps: 4 });
      await frame.getByRole('heading', { name: text }).waitFor();
      delays.push(Date.now() - sentAt);
    }
    console.log(
      `      live delay: ${delays.join(', ')} ms, of which the SDK waits up to 500 once it has heard of the watcher`,
    );
    assert.ok(Math.min(...delays) < 15_000, `delays of ${delays}`);

    await shopper.getByRole('button', { name: 'Add to cart' }).click();
    await page.locator('.event', { hasText: 'Add to cart' }).first().waitFor();
    await shopper.getByRole('link', { name: /Cart/ }).click();
    await shopper.getByLabel('Card number').pressSequentially('4242424242424242');
    await frame.getByRole('heading', { name: 'Your cart' }).waitFor();
    await until(
      async () => /^\*+$/.test(await frame.locator('input[name=card]').inputValue()),
      () => 'the card number is not hidden',
    );

    await page.getByRole('slider', { name: 'Position' }).focus();
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: 'Go live' }).waitFor();
    await until(
      async () => {
        const again = await replayFrame(page).catch(() => undefined);
        return again
          ?.getByRole('heading', { name: 'Bow lamp' })
          .isVisible()
          .catch(() => false);
      },
      () => 'what was before is not shown',
    );
    assert.deepEqual(problems, []);
  },
};
