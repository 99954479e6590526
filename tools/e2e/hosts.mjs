// Web servers on free ports of this machine, for pages under test.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  cjs: 'text/javascript; charset=utf-8',
  json: 'application/json',
  yaml: 'text/yaml',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  ico: 'image/x-icon',
  woff: 'font/woff',
  woff2: 'font/woff2',
  ttf: 'font/ttf',
  eot: 'application/vnd.ms-fontobject',
};

/** The type of a file, by its name. */
export const typeOf = (name) => TYPES[extname(name).slice(1).toLowerCase()] ?? 'application/octet-stream';

/** Starts a server, on a free port unless one is given; `answer` gives `{status, headers, body}`, or undefined for 404. */
export async function serve(answer, port = 0) {
  const server = createServer(async (request, response) => {
    try {
      const found = (await answer(request, new URL(request.url, 'http://host'))) ?? { status: 404 };
      response.writeHead(found.status ?? 200, found.headers ?? {}).end(found.body ?? '');
    } catch (error) {
      const isMissing = error.code === 'ENOENT' || error.code === 'EISDIR';
      response.writeHead(isMissing ? 404 : 500).end(String(error.message));
    }
  });
  await new Promise((ready) => server.listen(port, '127.0.0.1', ready));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
  };
}

/** What a request carries. */
export async function bytesOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

/** The answer with a file inside of a folder. */
export async function fileIn(folder, name, headers = {}) {
  const file = join(folder, normalize('/' + decodeURIComponent(name)));
  return { headers: { 'Content-Type': typeOf(file), ...headers }, body: await readFile(file) };
}

/** The same answer with another text. */
export const rewritten = (answer, change) => ({ ...answer, body: change(answer.body.toString()) });
