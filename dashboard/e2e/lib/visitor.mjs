// Someone in front of the dashboard.
import { mkdirSync } from 'node:fs';
import { DEADLINE_MS, until } from '../../../tools/e2e/wait.mjs';

export function visitor(browser, crow) {
  return {
    /** A page in a profile of its own, signed in with this key unless it is empty. 10-sign-in tests the form of it. */
    async open(path = '#/sessions', { key = crow.keys.admin, ...options } = {}) {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        timezoneId: 'Europe/Berlin',
        locale: 'en-GB',
        acceptDownloads: true,
        ...options,
      });
      context.setDefaultTimeout(DEADLINE_MS);
      // Its answer is the cookie of this profile.
      if (key) await context.request.post(`${crow.page}/auth/session`, { data: { key }, failOnStatusCode: true });
      const page = await context.newPage();
      const problems = watchProblems(page);
      await page.goto(`${crow.page}/${path}`);
      if (key) await page.locator('.shell').waitFor();
      return { page, context, problems };
    },
    /** What the pages look like now, for whoever looks for the cause. */
    async picture(name) {
      mkdirSync('e2e/failures', { recursive: true });
      for (const context of browser.contexts())
        for (const page of context.pages()) await page.screenshot({ path: `e2e/failures/${name}.png` }).catch(() => {});
    },
  };
}

/** What went wrong in a page, which no test expects. */
export function watchProblems(page) {
  const problems = [];
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    // What the page's own policy stops is listed by the browser as an error, too.
    if (message.type() === 'error' && !/status of (401|403)/.test(message.text()))
      problems.push(`${message.text()} ${message.location().url}`);
  });
  return problems;
}

/** Fills in the form of the sign-in. */
export async function enterKey(page, key) {
  await page.getByRole('button', { name: 'Key', exact: true }).click();
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** The page of this place, with a heading, and nothing that still waits for data. */
export async function shown(page, place) {
  const isShown = (name) =>
    document.querySelector('a.nav[aria-current]')?.hash.split(/[/?]/)[1] === name &&
    document.querySelector('.main h1') &&
    !document.querySelector('.main .skeleton');
  await page.waitForFunction(isShown, place.split(/[/?]/)[0]).catch(async (error) => {
    throw new Error(`${place} is not shown: ${await page.locator('body').innerText()}`, { cause: error });
  });
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
