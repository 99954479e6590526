// Records what the installed browsers say of errors: Chromium, Firefox and WebKitGTK.
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import * as playwright from 'playwright-core';
import { launchChromium } from '../e2e/browser.mjs';
import { launchWebKit } from '../e2e/webkit.mjs';

const BROWSERS = {
  chromium: () => launchChromium(playwright),
  firefox: () =>
    playwright.firefox.launch({ channel: 'moz-firefox', executablePath: '/usr/bin/firefox-esr', headless: true }),
  webkit: launchWebKit,
};

/**
 * Serves what `answer(path)` gives, the type and the text, and calls `visit(browser, page, origin)` in each browser.
 * Writes what the visits added to `stacks` into the file, without the port.
 */
export async function record(file, stacks, answer, visit) {
  const server = createServer(async (request, response) => {
    const [type, text] = await answer(request.url.split('?')[0]);
    response.writeHead(200, { 'content-type': type }).end(text);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${server.address().port}`;
  for (const [browser, launch] of Object.entries(BROWSERS)) {
    const running = await launch();
    await visit(browser, await (await running.newContext()).newPage(), origin);
    await running.close();
  }
  const text = JSON.stringify(stacks, null, 1).replaceAll(origin, 'https://shop.example');
  await writeFile(file, `${text}\n`);
  server.close();
}
