// The browser that a suite runs in: `CROW_BROWSER` is chromium, firefox or webkit.
import { launchWebKit } from './webkit.mjs';

export const browserName = process.env.CROW_BROWSER || 'chromium';

/** It needs no graphics card, and asks for nothing by itself. */
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
  chromium: launchChromium,
  // The Firefox of the system, by WebDriver BiDi; later versions of Playwright cannot drive it.
  firefox: ({ firefox }) =>
    firefox.launch({
      channel: 'moz-firefox',
      executablePath: process.env.CROW_FIREFOX ?? '/usr/bin/firefox-esr',
      headless: true,
    }),
  webkit: () => launchWebKit(),
};

/** Starts the browser of this run with the caller's `playwright-core`; `options` are for Chromium. */
export function launch(playwright, options) {
  return LAUNCH[browserName](playwright, options);
}

/** Starts Chromium with these arguments besides, and without some that Playwright gives it. */
export function launchChromium({ chromium }, { args = [], without = [] } = {}) {
  return chromium.launch({
    executablePath: process.env.CROW_CHROMIUM ?? '/usr/bin/chromium',
    args: [...ARGS, ...args],
    ignoreDefaultArgs: without,
    headless: true,
  });
}
