// Drives WebKitGTK's MiniBrowser over WebDriver, with as much of Playwright's interface as the cases need that run in every browser.
import { spawn } from 'node:child_process';
import { freePort } from './ports.mjs';
import { until } from './wait.mjs';

const BINARY = process.env.CROW_WEBKIT ?? '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
const OPTIONS = { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary: BINARY, args: ['--automation'] } };

export async function launchWebKit() {
  const port = await freePort();
  const driver = spawn('xvfb-run', ['-a', '-s', '-screen 0 1600x1200x24', 'WebKitWebDriver', `--port=${port}`], {
    stdio: 'ignore',
    detached: true,
  });
  const stop = () => {
    try {
      process.kill(-driver.pid);
    } catch {
      // It is gone.
    }
  };
  process.once('exit', stop);
  const send = sender(`http://127.0.0.1:${port}`);
  await until(() =>
    send('GET', '/status').then(
      () => true,
      () => false,
    ),
  );
  let open = [];
  return {
    /** The pages themselves have to set up what an init script would. */
    hasInitScripts: false,
    contexts: () => open,
    /** The driver has one session at a time, each with a profile of its own. */
    async newContext() {
      for (const context of open) await context.close();
      const { sessionId } = await send('POST', '/session', { capabilities: { alwaysMatch: OPTIONS } });
      const context = createContext(
        (method, path, body) => send(method, `/session/${sessionId}${path}`, body),
        () => (open = []),
      );
      open = [context];
      return context;
    },
    async close() {
      for (const context of open) await context.close();
      process.removeListener('exit', stop);
      stop();
    },
  };
}

function sender(origin) {
  return async (method, path, body) => {
    const response = await fetch(origin + path, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error} ${value.message}`);
    return value;
  };
}

function createContext(send, onClose) {
  let first;
  return {
    pages: () => [],
    async newPage() {
      const isFirst = !first;
      first ??= await send('GET', '/window');
      const handle = isFirst ? first : (await send('POST', '/window/new', { type: 'tab' })).handle;
      return createPage(send, handle, () => first);
    },
    async close() {
      onClose();
      await send('DELETE', '').catch(() => {});
    },
  };
}

function createPage(send, handle, first) {
  /** The driver acts on one window at a time. */
  const act = async (method, path, body) => {
    await send('POST', '/window', { handle });
    return send(method, path, body);
  };
  const page = {
    goto: (url) => act('POST', '/url', { url }),
    async evaluate(run, argument) {
      const asked = typeof run === 'string' ? `() => ${run}` : run;
      const script = `const done = arguments[1];
        Promise.resolve((${asked})(arguments[0])).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
      const { value, error } = await act('POST', '/execute/async', { script, args: [argument ?? null] });
      if (error) throw new Error(error);
      return value;
    },
    /** The page may be on its way to another. */
    waitForFunction: (run, argument) => until(() => page.evaluate(run, argument).catch(() => false)),
    waitForTimeout: (ms) => new Promise((done) => setTimeout(done, ms)),
    async close() {
      await act('DELETE', '/window');
      await send('POST', '/window', { handle: first() });
    },
  };
  return page;
}
