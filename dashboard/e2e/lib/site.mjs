// A small shop with the SDK in its pages.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SDK = new URL('../../../sdk/dist/script/', import.meta.url).pathname;
const FOLDER = new URL('../site/', import.meta.url).pathname;
const TYPES = { js: 'text/javascript', css: 'text/css', html: 'text/html', svg: 'image/svg+xml' };

export async function startSite(crow) {
  const server = createServer((incoming, outgoing) => {
    const { pathname } = new URL(incoming.url, 'http://site');
    const file = pathname.startsWith('/sdk/')
      ? join(SDK, pathname.slice(5))
      : join(FOLDER, /\.\w+$/.test(pathname) ? pathname : 'index.html');
    try {
      const content = readFileSync(file, 'utf8')
        .replace('CROW_KEY', crow.keys.write)
        .replace('CROW_GATEWAY', crow.ingest);
      outgoing.writeHead(200, { 'Content-Type': `${TYPES[file.split('.').pop()] ?? 'text/plain'}; charset=utf-8` });
      outgoing.end(content);
    } catch {
      outgoing.writeHead(404).end('not here: is the SDK built?');
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
  };
}
