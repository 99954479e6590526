// The demo shop of `crow serve --demo`, with a key of the organization that the pictures show.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = new URL('../../../demo/', import.meta.url).pathname;
const TYPES = { js: 'text/javascript', css: 'text/css', html: 'text/html', svg: 'image/svg+xml' };

export async function startDemo(crow) {
  const server = createServer((incoming, outgoing) => {
    const { pathname } = new URL(incoming.url, 'http://shop');
    const isFile = /\.\w+$/.test(pathname);
    const name = isFile ? pathname : pathname === '/help' ? 'help.html' : 'index.html';
    try {
      const content = readFileSync(join(FOLDER, name), 'utf8')
        .replaceAll('{{gateway}}', crow.ingest)
        .replaceAll('{{key}}', crow.keys.write);
      outgoing.writeHead(200, { 'Content-Type': `${TYPES[name.split('.').pop()] ?? 'text/plain'}; charset=utf-8` });
      outgoing.end(content);
    } catch {
      outgoing.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
  };
}
