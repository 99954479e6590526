// The browser that the cases run in: `CROW_BROWSER` is chromium, firefox or webkit.
import { chromium, firefox } from 'playwright-core';
import { launchWebKit } from '../../../sdk/e2e/lib/webkit.mjs';

export const browserName = process.env.CROW_BROWSER || 'chromium';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const LAUNCH = {
  chromium: () =>
    chromium.launch({ executablePath: process.env.CROW_CHROMIUM ?? '/usr/bin/chromium', args: ARGS, headless: true }),
  // The Firefox of the system, by WebDriver BiDi; later versions of Playwright cannot drive it.
  firefox: () =>
    firefox.launch({
      channel: 'moz-firefox',
      executablePath: process.env.CROW_FIREFOX ?? '/usr/bin/firefox-esr',
      headless: true,
    }),
  webkit: launchWebKit,
};

export function launch(name = browserName) {
  return LAUNCH[name]();
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
