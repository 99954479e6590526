// The servers: one for the page, one of another origin that takes what an SDK sends and counts its bytes.
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { appOf, htmlOf, SECRETS } from './page.mjs';

/** Names under `localhost`, because PostHog records no requests on `localhost` and 127.0.0.1 themselves. Browsers resolve them. */
const originOf = (name, server) => `http://${name}.localhost:${server.address().port}`;

const CROSS_ORIGIN = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': '*, authorization',
  'Access-Control-Expose-Headers': '*',
  'Access-Control-Max-Age': '7200',
};

async function listening(answer) {
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}

async function bytesOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

/** The page with one SDK, its API, and the sink of that SDK. A visit has servers of its own, so nothing of another visit is counted. */
export async function startServers({ head, files, answers }) {
  const got = { sent: [], scripts: [], preflights: 0 };
  const zipped = new Map();
  const zip = (path, content) => {
    if (!zipped.has(path)) zipped.set(path, gzipSync(content, { level: 9 }));
    return zipped.get(path);
  };

  const sink = await listening(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://sink');
    const body = await bytesOf(request);
    if (request.method === 'OPTIONS') {
      got.preflights++;
      return response.writeHead(204, CROSS_ORIGIN).end();
    }
    const file = request.method === 'GET' && files(pathname);
    if (file) {
      const content = zip(pathname, file);
      got.scripts.push({ path: pathname, bytes: content.length });
      const type = { 'Content-Type': 'text/javascript', 'Content-Encoding': 'gzip', 'Cache-Control': 'max-age=3600' };
      return response.writeHead(200, { ...CROSS_ORIGIN, ...type }).end(content);
    }
    // Cookies and authorization of the SDK's own requests are looked at as well.
    got.sent.push({ method: request.method, url: request.url, headers: request.headers, body });
    const answer = answers?.(pathname) || {};
    response.writeHead(200, { ...CROSS_ORIGIN, 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  });

  const html = htmlOf(head(originOf('sink', sink)));
  const pages = { '/': html, '/app.js': appOf(), '/blank': '<!doctype html><title>Blank</title>' };
  const site = await listening(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://shop');
    await bytesOf(request);
    if (pathname.startsWith('/api/')) {
      const answer = { password: SECRETS['body of an answer'], items: [1, 2, 3], note: SECRETS['body of an answer'] };
      return response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    }
    if (pages[pathname] === undefined) return response.writeHead(404).end();
    const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(200, { 'Content-Type': type }).end(pages[pathname]);
  });

  return {
    got,
    origin: originOf('shop', site),
    async stop() {
      for (const server of [site, sink]) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  };
}
