// Shows a recording at its moments, in our player or in rrweb's.
import { listen, MOMENTS, VIEWPORT } from './live.mjs';
import { settled, until } from './settle.mjs';

const HIDE_POINTER = '.replayer-mouse, .replayer-mouse-tail { display: none !important; }';

async function inTab(browser, address, run) {
  const context = await browser.newContext({ viewport: VIEWPORT, deviceScaleFactor: 1 });
  try {
    const tab = await context.newPage();
    tab.setDefaultTimeout(60_000);
    const errors = listen(tab);
    const devtools = await context.newCDPSession(tab);
    await tab.goto(address);
    return { ...(await run(tab, devtools)), errors };
  } finally {
    await context.close();
  }
}

/** In our player, as the dashboard does it. */
export function playInCrow({ browser, hosts }, { lines }, shots) {
  return inTab(browser, hosts.viewer + '/host.html', async (tab, devtools) => {
    // The recording goes on after its last moment, as a visit does.
    const end = { w: lines[0]?.w ?? 'w', k: 'e', t: shots.used.at + 2_000, d: { type: 'custom' } };
    await tab.evaluate((text) => window.open(text), [...lines, end].map((line) => JSON.stringify(line)).join('\n') + '\n');
    await tab.frameLocator('iframe').locator('#stage').evaluate((_, css) => document.head.append(Object.assign(document.createElement('style'), { textContent: css })), HIDE_POINTER);
    const pictures = {};
    for (const moment of MOMENTS) {
      const at = shots[moment].at;
      await tab.evaluate((time) => window.seek(time), at);
      const isShown = await until(() => tab.evaluate((time) => said.states.some((state) => state.isShown && Math.abs(state.at - time) < 2), at), 60_000);
      if (!isShown) throw new Error(`the player does not show the moment ${moment}`);
      pictures[moment] = (await settled(devtools)).picture;
    }
    const { failed, wanted, missing } = await tab.evaluate(() => window.said);
    return { pictures, failed, wanted, missing };
  });
}

/** In rrweb's player. */
export function playInRrweb({ browser, hosts }, { events }, shots, { canvas } = {}) {
  return inTab(browser, hosts.viewer + '/rrweb.html', async (tab, devtools) => {
    await tab.evaluate(([given, options]) => window.open(given, options), [events, canvas ? { UNSAFE_replayCanvas: true } : {}]);
    const pictures = {};
    for (const moment of MOMENTS) {
      await tab.evaluate((time) => window.seek(time), shots[moment].at);
      pictures[moment] = (await settled(devtools)).picture;
    }
    return { pictures };
  });
}
