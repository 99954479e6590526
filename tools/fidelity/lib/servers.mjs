// The hosts of the measurement, all on this machine: the site, two hosts for files of others, the gateway, and the viewer.
import path from 'node:path';
import { fileIn as fileOf, serve, typeOf } from '../../e2e/hosts.mjs';
import { bundled } from './bundle.mjs';

const isFont = (name) => /\.(woff2?|ttf|otf|eot)$/i.test(name);

/** The answer with a file inside of a folder, which browsers keep. */
export const fileIn = (folder, name, headers = {}) => fileOf(folder, name, { 'Cache-Control': 'max-age=3600', ...headers });

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
