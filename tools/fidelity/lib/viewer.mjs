// The host that shows recordings: the built player with the policy that the read API sends, rrweb's player, and the comparison.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { bytesOf, serve } from '../../e2e/hosts.mjs';
import { fileIn } from './servers.mjs';

const OWN = { '/host.html': 'host.html', '/rrweb.html': 'rrweb.html', '/compare.html': 'compare.html', '/measure.mjs': 'measure.mjs' };

export async function viewerHost({ modules, tool, dashboard, repository, assets }) {
  const policy = await playerPolicy(repository);
  return serve(async (request, { pathname, searchParams }) => {
    if (pathname === '/resolve') return resolved(assets, JSON.parse((await bytesOf(request)).toString()));
    if (pathname === '/store') return stored(assets, searchParams.get('url'));
    if (OWN[pathname]) return fileIn(path.join(tool, 'lib'), OWN[pathname]);
    if (pathname.startsWith('/npm/')) return fileIn(modules, pathname.slice('/npm/'.length));
    return fileIn(dashboard, pathname, pathname === '/player.html' ? { 'Content-Security-Policy': policy } : {});
  });
}

/** Which addresses are stored. */
function resolved(assets, urls) {
  return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(urls.filter((url) => assets.has(url))) };
}

function stored(assets, url) {
  const asset = assets.get(url);
  return asset && { headers: { 'Content-Type': sniffed(asset.body, url) }, body: asset.body };
}

/** The type by the first bytes, as the gateway finds it. */
function sniffed(body, url) {
  const start = body.subarray(0, 16).toString('latin1');
  const known = [
    ['\x89PNG', 'image/png'], ['\xff\xd8\xff', 'image/jpeg'], ['GIF8', 'image/gif'], ['wOF2', 'font/woff2'], ['wOFF', 'font/woff'],
    ['\0\x01\0\0', 'font/ttf'], ['OTTO', 'font/otf'], ['BM', 'image/bmp'], ['\0\0\x01\0', 'image/x-icon'],
  ].find(([magic]) => start.startsWith(magic));
  if (known) return known[1];
  if (start.slice(8, 12) === 'WEBP') return 'image/webp';
  if (/ftypavi[fs]/.test(start)) return 'image/avif';
  return body.subarray(0, 2_000).toString().includes('<svg') || /\.svg/.test(url) ? 'image/svg+xml' : 'application/octet-stream';
}

/** From the source of the read API, so that it is always the one that is sent. */
async function playerPolicy(repository) {
  const source = await readFile(path.join(repository, 'crates/query/src/rest/dashboard.rs'), 'utf8');
  const start = source.indexOf('const PLAYER_POLICY: &str = "');
  if (start < 0) throw new Error('crates/query/src/rest/dashboard.rs has no PLAYER_POLICY any more; tools/fidelity/lib/viewer.mjs reads it');
  const text = source.slice(source.indexOf('"', start) + 1);
  return text.slice(0, text.indexOf('"')).replaceAll('\\', '').split(/\s+/).join(' ');
}
