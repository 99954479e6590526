/** Pictures and fonts of recordings. The app fetches them, because the player may not send requests. */
import { call, request } from '../api/client';
import type { FoundAsset } from '../player/assets';

/** Maximum number of addresses per request. */
const MAX_URLS = 1_000;
const AT_ONCE = 6;

interface Resolved {
  url: string;
  hash: string;
  type: string;
}

/** Where the assets of a recording are, and what requests for them need. */
export interface AssetPlace {
  path: string;
  headers?: Record<string, string>;
}

export const assetsOf = (organization: string): AssetPlace => ({ path: `/assets/${organization}` });

type Give = (found: FoundAsset[], missing: string[]) => void;

/** Sends each asset as soon as it has arrived, each address once. */
export async function findAssets(place: AssetPlace, urls: string[], at: number, give: Give): Promise<void> {
  for (let from = 0; from < urls.length; from += MAX_URLS)
    await findSome(place, urls.slice(from, from + MAX_URLS), at, give);
}

async function findSome(place: AssetPlace, urls: string[], at: number, give: Give): Promise<void> {
  const known = await resolve(place, urls, at);
  const found = new Set(known.map(({ url }) => url));
  const missing = urls.filter((url) => !found.has(url));
  if (missing.length) give([], missing);
  const waiting = [...known];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let asset = waiting.shift(); asset; asset = waiting.shift()) {
        const bytes = await bytesOf(place, asset.hash);
        give(bytes ? [{ url: asset.url, type: asset.type, bytes }] : [], bytes ? [] : [asset.url]);
      }
    }),
  );
}

/** The stored ones. A recording plays without them, so an error of the server does not stop it. */
async function resolve({ path, headers }: AssetPlace, urls: string[], at: number): Promise<Resolved[]> {
  try {
    const { assets } = await call<{ assets: Resolved[] }>(`${path}/resolve`, {
      method: 'POST',
      headers,
      json: { at: Math.round(at), urls },
    });
    return assets;
  } catch {
    return [];
  }
}

async function bytesOf({ path, headers }: AssetPlace, hash: string): Promise<ArrayBuffer | undefined> {
  try {
    const answer = await request(`${path}/${hash}`, { headers });
    return await answer.arrayBuffer();
  } catch {
    return undefined;
  }
}
