// Someone in front of the dashboard.
import { mkdirSync } from 'node:fs';
import { watchProblems } from './browser.mjs';
import { until } from './crow.mjs';

export function visitor(browser, crow) {
  return {
    /** A page in a profile of its own, signed in with this key unless it is empty. */
    async open(path = '#/sessions', { key = crow.keys.admin, ...options } = {}) {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        timezoneId: 'Europe/Berlin',
        locale: 'en-GB',
        acceptDownloads: true,
        ...options,
      });
      context.setDefaultTimeout(60_000);
      const page = await context.newPage();
      const problems = watchProblems(page);
      await page.goto(`${crow.page}/${path}`);
      if (key) await signIn(page, key);
      return { page, context, problems };
    },
    signIn,
    /** What the pages look like now, for whoever looks for the cause. */
    async picture(name) {
      mkdirSync('e2e/failures', { recursive: true });
      for (const context of browser.contexts())
        for (const page of context.pages()) await page.screenshot({ path: `e2e/failures/${name}.png` }).catch(() => {});
    },
  };
}

async function signIn(page, key) {
  await page.getByRole('button', { name: 'Key', exact: true }).click();
  await page.getByLabel('Access key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.shell').waitFor();
}

/** The frame in which a recording is rebuilt. */
export async function replayFrame(page) {
  const player = page.frameLocator('iframe[title="Replay"]');
  const shown = player.locator('.replayer-wrapper:not([hidden]) iframe');
  await shown.waitFor({ state: 'attached' });
  return (await shown.elementHandle()).contentFrame();
}

/** Stops the player. It plays from the beginning, after a while on a busy machine, and a short recording may be over by now. */
export async function pause(page) {
  await until(async () => {
    if (!(await page.getByRole('button', { name: /^Pause/ }).count())) return (await clockOf(page)) > 0;
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: /^Play/ }).waitFor();
    return true;
  });
}

/** Seconds that the player's clock shows. */
export async function clockOf(page) {
  const text = await page.locator('.clock b').textContent();
  return text.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}
