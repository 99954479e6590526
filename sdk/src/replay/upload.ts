import type { Core } from '../core/host';
import type { Natives } from './scene';

const MAX_BYTES = 4 * 1024 * 1024;

/** Gives the function that uploads a picture or a font from the browser's cache. */
export function uploader(
  core: Core,
  { request, toJson }: Pick<Natives, 'request' | 'toJson'>,
): (url: string) => Promise<void> {
  const { endpoint, pathPrefix = '', apiKey } = core.options;
  const target = String(endpoint).replace(/\/+$/, '') + pathPrefix + '/asset';

  return async (url) => {
    // Of another origin only what it gives to everybody.
    const credentials = new URL(url).origin === location.origin ? 'same-origin' : 'omit';
    const response = await request(url, { cache: 'force-cache', mode: 'cors', credentials });
    // Many show the same address, and each sees a picture of their own.
    if (/private|no-store/i.test(response.headers.get('cache-control') ?? '')) return;
    const content = await response.blob();
    if (!response.ok || !content.size || content.size > MAX_BYTES) return;
    const head = toJson({ apiKey, sessionId: core.session().id, url }) + '\n';
    // As text, which asks for no preflight.
    await request(target, {
      method: 'POST',
      credentials: 'omit',
      body: new Blob([head, content], { type: 'text/plain' }),
    });
  };
}
