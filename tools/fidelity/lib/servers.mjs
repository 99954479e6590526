// The hosts of the measurement, all on this machine: the site, two hosts for files of others, the gateway, and the viewer.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { bundled } from './bundle.mjs';

const TYPES = {
  html: 'text/html; charset=utf-8', css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', mjs: 'text/javascript; charset=utf-8',
  cjs: 'text/javascript; charset=utf-8', json: 'application/json', yaml: 'text/yaml', svg: 'image/svg+xml', png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg',
  gif: 'image/gif', webp: 'image/webp', ico: 'image/x-icon', woff: 'font/woff', woff2: 'font/woff2', ttf: 'font/ttf', eot: 'application/vnd.ms-fontobject',
};
const extensionOf = (name) => path.extname(name).slice(1).toLowerCase();
export const typeOf = (name) => TYPES[extensionOf(name)] ?? 'application/octet-stream';
const isFont = (name) => /^(woff2?|ttf|otf|eot)$/.test(extensionOf(name));

/** Starts a server on a free port; `answer` gives `{status, headers, body}`, or undefined for 404. */
export async function serve(answer) {
  const server = createServer(async (request, response) => {
    try {
      const { status = 200, headers = {}, body = '' } = (await answer(request, new URL(request.url, 'http://host'))) ?? { status: 404 };
      response.writeHead(status, headers).end(body);
    } catch (error) {
      response.writeHead(error.code === 'ENOENT' || error.code === 'EISDIR' ? 404 : 500).end(String(error.message));
    }
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
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

/** The bytes of a file inside of a folder. */
export async function fileIn(folder, name, headers = {}) {
  const file = path.join(folder, path.normalize('/' + decodeURIComponent(name)));
  return { headers: { 'Content-Type': typeOf(file), 'Cache-Control': 'max-age=3600', ...headers }, body: await readFile(file) };
}

/** Files of packages, as a host for everybody's files serves them: with leave for other origins, or for fonts only. */
export function fileHost(modules, { isOpen }) {
  return serve((_, { pathname }) => {
    if (!pathname.startsWith('/npm/')) return undefined;
    const leave = isOpen || isFont(pathname) ? OPEN : {};
    return fileIn(modules, pathname.slice('/npm/'.length), leave);
  });
}

/** Leave for other origins. The site gives it, so that rrweb's player, which loads fonts from there, can have them. */
const OPEN = { 'Access-Control-Allow-Origin': '*' };

/**
 * The site: one page of the list at a time, whose files are rewritten so that they name hosts of ours, and which gets
 * the script of a recorder. `state.page` and `state.head` say which.
 */
export function siteHost({ modules, tool, state }) {
  return serve(async (_, { pathname }) => {
    if (pathname.startsWith('/npm/')) return fileIn(modules, pathname.slice('/npm/'.length), OPEN);
    if (pathname.startsWith('/shared/')) return fileIn(path.join(tool, 'pages/shared'), pathname.slice('/shared/'.length));
    if (pathname.startsWith('/bundle.')) return { headers: { 'Content-Type': typeOf(pathname) }, body: await bundled(state.page.root, pathname.slice(1)) };
    const answer = await fileIn(state.page.root, pathname === '/' ? state.page.open : pathname);
    if (/^text\/(html|css|javascript)/.test(answer.headers['Content-Type'])) answer.body = rewritten(answer, state);
    return { ...answer, headers: { ...answer.headers, ...OPEN, 'Cache-Control': 'no-cache' } };
  });
}

function rewritten({ headers, body }, { page, head, hosts }) {
  let text = body.toString();
  for (const [from, to] of page.rewrite ?? []) text = text.replaceAll(from, to);
  for (const [name, origin] of Object.entries(hosts)) text = text.replaceAll(`{${name}}`, origin);
  return headers['Content-Type'].startsWith('text/html') ? text.replace(/<head[^>]*>/i, (tag) => tag + head) : text;
}
