// The browser and the hosts, started once for all pages.
import path from 'node:path';
import * as playwright from 'playwright-core';
import { launchChromium } from '../../e2e/browser.mjs';
import { fileHost, siteHost } from './servers.mjs';
import { gatewayHost, isBuilt } from './gateway.mjs';
import { viewerHost } from './viewer.mjs';

const STOP_MS = 10_000;
const within = (promise, ms) => Promise.race([promise.catch(() => null), new Promise((done) => setTimeout(done, ms).unref())]);

/** Nothing leaves this machine: no name is resolved. */
const ARGS = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--enable-unsafe-swiftshader', '--force-color-profile=srgb'];

/** `repository` has the built SDK and dashboard. */
export async function startBench(tool, repository) {
  const modules = path.join(tool, 'node_modules');
  const [sdk, dashboard] = [path.join(repository, 'sdk/dist/script'), path.join(repository, 'dashboard/dist')];
  for (const folder of [sdk, dashboard]) if (!(await isBuilt(folder))) throw new Error(`${folder} is not built; cargo xtask fidelity builds it`);

  const state = { page: null, head: '', hosts: {} };
  const gateway = await gatewayHost(sdk);
  const parts = {
    gateway,
    site: await siteHost({ modules, tool, state }),
    cdn: await fileHost(modules, { isOpen: true }),
    plain: await fileHost(modules, { isOpen: false }),
    viewer: await viewerHost({ modules, tool, dashboard, repository, assets: gateway.assets }),
  };
  const hosts = Object.fromEntries(Object.entries(parts).map(([name, { origin }]) => [name, origin]));
  state.hosts = { cdn: hosts.cdn, plain: hosts.plain, gateway: hosts.gateway };
  const browser = await launchChromium(playwright, { args: ARGS });
  const comparer = await browser.newPage();
  await comparer.goto(hosts.viewer + '/compare.html');
  await comparer.waitForFunction(() => window.isReady);

  return {
    browser, hosts, state, gateway,
    compare: (lives, pairs) => comparer.evaluate(([a, b]) => window.compareAll(a, b), [lives, pairs]),
    pairPicture: (live, replay, type) => comparer.evaluate(([a, b, kind]) => window.pairPicture(a, b, kind), [live, replay, type]),
    async stop() {
      await within(browser.close(), STOP_MS);
      await within(Promise.all(Object.values(parts).map(({ stop }) => stop())), STOP_MS);
    },
  };
}
