// Pages with the SDK in them.
import { fileIn, rewritten, serve } from '../../../tools/e2e/hosts.mjs';

const SDK = new URL('../../../sdk/dist/script/', import.meta.url).pathname;
const SHOP = new URL('../site/', import.meta.url).pathname;
const DEMO = new URL('../../../demo/', import.meta.url).pathname;

/** A small shop. */
export function startSite(crow) {
  const fill = (text) => text.replace('CROW_KEY', crow.keys.write).replace('CROW_GATEWAY', crow.ingest);
  return serve(async (_, { pathname }) =>
    pathname.startsWith('/sdk/')
      ? fileIn(SDK, pathname.slice('/sdk/'.length))
      : rewritten(await fileIn(SHOP, isFile(pathname) ? pathname : 'index.html'), fill),
  );
}

/** The demo shop of `crow serve --demo`, with a key of the organization that the pictures show. */
export function startDemo(crow) {
  const fill = (text) => text.replaceAll('{{gateway}}', crow.ingest).replaceAll('{{key}}', crow.keys.write);
  return serve(async (_, { pathname }) => {
    const page = pathname === '/help' ? 'help.html' : 'index.html';
    return rewritten(await fileIn(DEMO, isFile(pathname) ? pathname : page), fill);
  });
}

const isFile = (pathname) => /\.\w+$/.test(pathname);
