import { chromium } from 'playwright-core';

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export function launch() {
  return chromium.launch({ executablePath: process.env.CROW_CHROMIUM ?? '/usr/bin/chromium', args: ARGS, headless: true });
}

/** What went wrong in a page, which no test expects. */
export function watchProblems(page) {
  const problems = [];
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    // What the page's own policy stops is listed by the browser as an error, too.
    const isUnknownAsset = message.location().url.includes('/assets/') && /status of 404/.test(message.text());
    if (message.type() === 'error' && !isUnknownAsset && !/status of (401|403)/.test(message.text())) problems.push(message.text());
  });
  return problems;
}
