// The browser that the cases run in: `CROW_BROWSER` is chromium, firefox or webkit.
import { chromium, firefox } from 'playwright-core';
import { launchWebKit } from './webkit.mjs';

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
/** Playwright switches the back/forward cache off, and then no test of it meets one. */
const NOT = ['--disable-back-forward-cache'];

const LAUNCH = {
  chromium: () =>
    chromium.launch({
      executablePath: process.env.CROW_CHROMIUM ?? '/usr/bin/chromium',
      args: ARGS,
      ignoreDefaultArgs: NOT,
      headless: true,
    }),
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
