// A small shop of several pages, and what its pages say they have created.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = new URL('../..', import.meta.url).pathname;

export async function startSite(folder = join(ROOT, 'e2e/site')) {
  const created = [];
  /** Which run of which case it is: what pages of an earlier one say late is not counted. */
  let run = 0;
  /** Pages that a case makes up. */
  const pages = {};
  /** What `boot.js` does first, for browsers without init scripts. */
  let init = '';
  const server = createServer((incoming, outgoing) => {
    const { pathname, search } = new URL(incoming.url, 'http://site');
    if (pathname === '/created') {
      const isOurs = search === `?${run}`;
      let text = '';
      incoming.on('data', (part) => (text += part));
      incoming.on('end', () => {
        if (isOurs) created.push(...text.split(',').filter(Boolean));
        outgoing.end();
      });
      return;
    }
    const file = pathname.startsWith('/sdk/')
      ? join(ROOT, 'dist/script', pathname.slice(5))
      : pathname.startsWith('/modules/')
        ? join(ROOT, 'node_modules', pathname.slice(9))
        : join(folder, /\.\w+$/.test(pathname) ? pathname : 'index.html');
    try {
      const type = { js: 'text/javascript', css: 'text/css', html: 'text/html', svg: 'image/svg+xml' }[
        file.split('.').pop()
      ];
      const content = pages[pathname] ?? (pathname === '/boot.js' ? init + readFileSync(file) : readFileSync(file));
      outgoing.writeHead(200, { 'Content-Type': `${type ?? 'text/plain'}; charset=utf-8` });
      outgoing.end(content);
    } catch {
      outgoing.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    created,
    get run() {
      return run;
    },
    begin() {
      run++;
      created.length = 0;
    },
    pages,
    setInit: (code) => (init = code),
    stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
  };
}
