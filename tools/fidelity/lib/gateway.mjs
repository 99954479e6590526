// Stands for CROW's gateway and its store of assets, as a site meets them: it takes batches and keeps what they carry.
import { gunzipSync, inflateSync } from 'node:zlib';
import { readdir } from 'node:fs/promises';
import { bytesOf, serve } from '../../e2e/hosts.mjs';
import { fileIn } from './servers.mjs';

const MAX_WANTED = 16;

/** The gateway. `take()` gives what was recorded since the last call; `assets` maps addresses to `{type, body, by}`. */
export async function gatewayHost(sdk) {
  const assets = new Map();
  const asked = new Set();
  let taken = newRecording();

  const routes = {
    '/session/start': (body) => ({ status: 201, body: { sessionId: body.sessionId, startedAt: Date.now(), serverTime: Date.now(), idleTimeoutMs: 3_600_000, replay: { enabled: true, sampleRate: 1 } } }),
    '/session/end': () => ({ status: 202, body: {} }),
    '/track': () => ({ status: 202, body: { accepted: 1 } }),
    '/batch': (body) => ({ status: 202, body: takeBatch(body) }),
  };

  function takeBatch(body) {
    taken.at = Date.now();
    const window = body.windowId ?? 'w';
    for (const event of body.events ?? []) taken.lines.push({ w: window, k: 'e', t: event.timestamp, d: event });
    for (const event of body.replay ?? []) taken.lines.push({ w: window, k: 'r', t: event.timestamp, d: event });
    for (const { url } of body.assets ?? []) taken.reported.add(url);
    const wantAssets = [...taken.reported].filter((url) => !assets.has(url) && !asked.has(url)).slice(0, MAX_WANTED);
    wantAssets.forEach((url) => asked.add(url));
    return { batchId: body.batchId, accepted: body.events?.length ?? 0, rejected: [], ...(wantAssets.length && { wantAssets }) };
  }

  const host = await serve(async (request, { pathname }) => {
    const headers = { 'Access-Control-Allow-Origin': request.headers.origin ?? '*', 'Access-Control-Allow-Headers': '*, authorization, content-type, content-encoding, x-api-key', 'Access-Control-Allow-Methods': '*', 'Content-Type': 'application/json' };
    if (request.method === 'OPTIONS') return { status: 204, headers };
    if (pathname.startsWith('/sdk/')) return fileIn(sdk, pathname.slice('/sdk/'.length), { 'Access-Control-Allow-Origin': '*' });
    const bytes = await bodyOf(request);
    if (pathname === '/asset') return { status: keep(bytes), headers, body: '{"stored":true}' };
    const route = routes[pathname];
    if (!route) return undefined;
    const { status, body } = route(JSON.parse(bytes.toString() || '{}'));
    return { status, headers, body: JSON.stringify(body) };
  });

  function keep(bytes) {
    const end = bytes.indexOf(10);
    const { url } = JSON.parse(bytes.subarray(0, end).toString());
    assets.set(url, { body: bytes.subarray(end + 1), by: 'sdk' });
    return 201;
  }

  return {
    ...host,
    assets,
    get lastBatchAt() {
      return taken.at;
    },
    /** How many events and replay events have come since the last `take()`. */
    get count() {
      return taken.lines.length;
    },
    take() {
      const recording = taken;
      taken = newRecording();
      asked.clear();
      return recording;
    },
    /** Fetches what was reported and not uploaded: other sessions of the site would have done it, where a page may read it. */
    async complete(reported, site) {
      for (const url of reported) {
        if (assets.has(url)) continue;
        const response = await fetch(url).catch(() => null);
        const isReadable = new URL(url).origin === site || response?.headers.has('access-control-allow-origin');
        if (response?.ok && isReadable) assets.set(url, { body: Buffer.from(await response.arrayBuffer()), by: 'others' });
      }
    },
  };
}

const newRecording = () => ({ lines: [], reported: new Set(), at: 0 });

async function bodyOf(request) {
  const bytes = await bytesOf(request);
  const encoding = request.headers['content-encoding'];
  return encoding === 'gzip' ? gunzipSync(bytes) : encoding === 'deflate' ? inflateSync(bytes) : bytes;
}

/** Whether the SDK was built. */
export const isBuilt = async (folder) => (await readdir(folder).catch(() => [])).length > 0;
