// A small shop of several pages, and what its pages say they have created.
import { join } from 'node:path';
import { bytesOf, fileIn, rewritten, serve, typeOf } from '../../../tools/e2e/hosts.mjs';

const ROOT = new URL('../..', import.meta.url).pathname;
/** What is below an address is in another folder than the pages. */
const FOLDERS = { '/sdk/': 'dist/script', '/modules/': 'node_modules' };

export async function startSite() {
  const created = [];
  /** Which run of which case it is: what pages of an earlier one say late is not counted. */
  let run = 0;
  /** Pages that a case makes up. */
  const pages = {};
  /** What `boot.js` does first, for browsers without init scripts. */
  let init = '';

  async function note(request, search) {
    const isOurs = search === `?${run}`;
    const text = (await bytesOf(request)).toString();
    if (isOurs) created.push(...text.split(',').filter(Boolean));
    return {};
  }

  const host = await serve((request, { pathname, search }) => {
    if (pathname === '/created') return note(request, search);
    for (const [start, folder] of Object.entries(FOLDERS))
      if (pathname.startsWith(start)) return fileIn(join(ROOT, folder), pathname.slice(start.length));
    const name = /\.\w+$/.test(pathname) ? pathname : 'index.html';
    if (pages[pathname] !== undefined) return { headers: { 'Content-Type': typeOf(name) }, body: pages[pathname] };
    const file = fileIn(join(ROOT, 'e2e/site'), name);
    return pathname === '/boot.js' ? file.then((answer) => rewritten(answer, (text) => init + text)) : file;
  });
  return {
    ...host,
    created,
    get run() {
      return run;
    },
    begin() {
      run++;
      created.length = 0;
    },
    pages,
    setInit: (code) => (init = code),
  };
}
