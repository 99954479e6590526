// docs/fidelity.md, its pictures, and the figures as JSON.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MOMENTS, VIEWPORT } from './live.mjs';
import { SQUARE, TOLERANCE } from './measure.mjs';
import { median, percent, statistics, TRAIL } from './summary.mjs';

const PICTURES = 'docs/pictures/fidelity';
const RESULTS = 'docs/fidelity/results.json';
const SHOWN = 6;

/** The report with what earlier runs found of these pages: a run of some pages replaces those. */
export async function openReport(repository, names) {
  for (const folder of [PICTURES, path.dirname(RESULTS)]) await mkdir(path.join(repository, folder), { recursive: true });
  const earlier = await readFile(path.join(repository, RESULTS), 'utf8').catch(() => '{"pages":[]}');
  const byName = new Map(JSON.parse(earlier).pages.map((page) => [page.name, page]));
  const versions = await versionsOf(repository);
  const fileOf = (name) => path.join(repository, PICTURES, `${name}.webp`);

  return {
    /** Draws the moment with the fewest equal pixels. */
    async picture(bench, { name, moments }, pictures) {
      const picture = await bench.pairPicture(...pictures[worstOf(moments)].crow, 'image/webp');
      if (picture) await writeFile(fileOf(name), Buffer.from(picture, 'base64'));
    },
    async add(result) {
      byName.set(result.name, result);
      const pages = names.map((name) => byName.get(name)).filter(Boolean);
      const shown = pages.filter(({ failed }) => !failed).sort((a, b) => equalOf(a) - equalOf(b)).slice(0, SHOWN);
      for (const name of names) if (!shown.some((page) => page.name === name)) await rm(fileOf(name), { force: true });
      await writeFile(path.join(repository, RESULTS), JSON.stringify({ pages }, null, 1) + '\n');
      await writeFile(path.join(repository, 'docs/fidelity.md'), documentOf(pages, shown, versions));
    },
  };
}

const worstOf = (moments) => MOMENTS.reduce((worst, moment) => (moments[moment].results.crow.equal < moments[worst].results.crow.equal ? moment : worst));
const equalOf = ({ moments }) => moments[worstOf(moments)].results.crow.equal;

async function versionsOf(repository) {
  const { devDependencies } = JSON.parse(await readFile(path.join(repository, 'tools/fidelity/package.json'), 'utf8'));
  return devDependencies;
}

function documentOf(pages, shown, versions) {
  const measured = pages.filter(({ failed }) => !failed);
  return `# Fidelity

How close is a replay to the page that it shows? \`cargo xtask fidelity --report\` measures it and writes this page.

\`\`\`
cargo xtask fidelity                    all pages; prints the figures
cargo xtask fidelity --only agency      one page
cargo xtask fidelity --quick            five pages; fails when a threshold is missed; part of \`cargo xtask test\`
cargo xtask fidelity --ours             only CROW's recorder and player: a third of the time
cargo xtask fidelity --keep /tmp/look   also writes all pictures and recordings there
cargo xtask fidelity --report           all pages; writes this document
\`\`\`

## Result

${summaryTable(pages)}

## Pages

Each cell has the three moments: loaded / scrolled / used.

${pageTable(measured)}
${failures(pages)}
## Cost

Bytes are those of the replay events as JSON. Script time is the time of the page's main thread in JavaScript, above a visit without a
recorder. CROW's figure includes the whole SDK: it also tracks interactions, compresses and sends. rrweb's includes turning each event into JSON.

${costTable(measured)}

## Worst pairs

Live page, our replay, and in red the pixels that differ.

${shown.map((page) => pairOf(page)).join('\n\n')}

## Known causes

| loss | pages | reason |
|---|---|---|
| Style sheets and pictures are missing. | tabulator, swiper | Their host lets no other origin read them. CROW shows only what a page can read, and the viewer's browser never asks the site. rrweb's player asks it. |
| A button without a style of its own looks as if nothing pointed at it. | chart, three | The browser draws it, and no style sheet can ask for how it looks under the pointer. rrweb has the same loss. |
| Edges in SVG pictures are smoothed a little differently. | demo-shop | Not known. rrweb has the same loss. |
| Component sheets may lose a border that was given with a variable. | shoelace | A program made the sheet before the recorder was there, and the browser no longer tells its text. rrweb always has this loss. |

## How it is measured

- **Pages.** Whole sites from npm packages, and small pages around libraries in \`tools/fidelity/pages/\`. The versions are pinned in
  \`tools/fidelity/package.json\`. All files come from servers on this machine, and the browser resolves no name. What a site loads from other hosts
  comes from two more origins. One allows other origins to read its files (CORS), as public hosts do. The other allows it for fonts only: the style sheets of
  tabulator and swiper, and the pictures of swiper, come from there. A page cannot read them, so CROW does not have them. rrweb's player loads them from the site.
- **Visits.** ${VIEWPORT.width} × ${VIEWPORT.height} pixels, the same random numbers and the same actions each time. A page is visited three times: with CROW's SDK,
  with \`@rrweb/record\` ${versions['@rrweb/record']}, and with no recorder. At each moment the tool waits until two pictures in a row are the same, 5 s at most.
- **Recording.** CROW records with all fields unmasked, since masked text could not be compared. Both recorders use their defaults otherwise;
  on pages with a canvas both record it. CROW's batches and assets go to a stand-in for the gateway. Assets that the SDK reported and did not upload
  during the visit are added, as other sessions of the site would have uploaded them.
- **Replay.** The built dashboard's player in its frame, with the policy that the read API sends, driven by messages as the session page does. It loads nothing from
  the site. rrweb's player (\`@rrweb/replay\` ${versions['@rrweb/replay']}) loads pictures, fonts and style sheets from the site, which still runs. Both seek to the moment of the picture.
  The pointer that players draw is hidden.
- **Equal**: the share of pixels that differ by at most ${TOLERANCE} of 255 in each colour.
- **Ink**: the same without background. A pixel is background if it has the most frequent colour of the live picture in both pictures.
- **Similarity**: the mean structural similarity (SSIM) of ${SQUARE} × ${SQUARE} squares, in grey.
- **Noise**: the live page is not always the same twice. Squares of ${SQUARE} × ${SQUARE} pixels that differ between visits are left out; the noise column has their share.
- A page is ahead or behind when the mean of its moments differs by more than ${TRAIL * 100} points.

${machinesOf(measured)}
All figures: [fidelity/results.json](fidelity/results.json).
`;
}

function pairOf(page) {
  const moment = worstOf(page.moments);
  return `**${page.name}, ${moment}**: ${percent(equalOf(page))} % equal\n\n![${page.name}, ${moment}: live page, replay, difference](pictures/fidelity/${page.name}.webp)`;
}

function machinesOf(measured) {
  const texts = measured.map(({ on, measured: what, chromium, machine }) => `${on}${what ? ` (${what})` : ''}: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB; Node ${machine.node}; Chromium ${chromium}`);
  const loads = measured.map(({ machine }) => Number(machine.load));
  return `Measured on ${[...new Set(texts)].join('; ')}. The load of the machine was between ${Math.min(...loads)} and ${Math.max(...loads)}: times are worth less than pixels.`;
}

function summaryTable(pages) {
  const { crow, rrweb, trailing, ahead, pages: count } = statistics(pages);
  const row = (name, { equal, ink, ssim }) => `| ${name} | ${percent(equal.median)} % | ${percent(equal.mean)} % | ${percent(equal.worst)} % | ${percent(ink.median)} % | ${ssim.median.toFixed(4)} |`;
  const names = (list) => (list.length ? `${list.length} (${list.map(({ name }) => name).join(', ')})` : 'none');
  return `| recorder and player | equal, median | equal, mean | equal, worst | ink, median | similarity, median |
|---|---:|---:|---:|---:|---:|
${row('CROW', crow)}
${row('rrweb', rrweb)}

${count} pages, ${count * MOMENTS.length} moments. CROW is ahead of rrweb on ${names(ahead)}; behind on ${names(trailing)}.`;
}

function pageTable(measured) {
  const cells = (page, who, measure, show = percent) => MOMENTS.map((moment) => show(page.moments[moment].results[who][measure])).join(' / ');
  const lowest = (page, who) => Math.min(...MOMENTS.map((moment) => page.moments[moment].results[who].ssim)).toFixed(3);
  const rows = measured.map((page) => {
    const noise = Math.max(...MOMENTS.map((moment) => page.moments[moment].noise));
    return `| ${page.name} | ${cells(page, 'crow', 'equal')} | ${cells(page, 'rrweb', 'equal')} | ${cells(page, 'crow', 'ink')} | ${cells(page, 'rrweb', 'ink')} | ${lowest(page, 'crow')} | ${lowest(page, 'rrweb')} | ${percent(noise)} |`;
  });
  return `| page | equal %, CROW | equal %, rrweb | ink %, CROW | ink %, rrweb | lowest similarity, CROW | rrweb | noise % |
|---|---|---|---|---|---:|---:|---:|
${rows.join('\n')}`;
}

function failures(pages) {
  const failed = pages.filter(({ failed }) => failed);
  return failed.length ? `\nNot measured: ${failed.map(({ name, failed: why }) => `${name} (${why})`).join('; ')}.\n` : '';
}

const kilobytes = (bytes) => (bytes / 1_000).toFixed(bytes < 10_000 ? 1 : 0);

function costTable(measured) {
  const rows = measured.map(({ name, crow, rrweb }) => `| ${name} | ${kilobytes(crow.bytes)} | ${kilobytes(rrweb.bytes)} | ${kilobytes(crow.gzip)} | ${kilobytes(rrweb.gzip)} | ${crow.cost.script} | ${rrweb.cost.script} | ${crow.errors.length + crow.playerErrors.length} | ${rrweb.errors.length + rrweb.playerErrors.length} | ${crow.assets.wanted - crow.assets.missing.length} |`);
  const middle = (who, of) => median(measured.map((page) => of(page[who])));
  const last = `| **median** | ${kilobytes(middle('crow', ({ bytes }) => bytes))} | ${kilobytes(middle('rrweb', ({ bytes }) => bytes))} | ${kilobytes(middle('crow', ({ gzip }) => gzip))} | ${kilobytes(middle('rrweb', ({ gzip }) => gzip))} | ${middle('crow', ({ cost }) => cost.script)} | ${middle('rrweb', ({ cost }) => cost.script)} | | | |`;
  return `| page | KB, CROW | rrweb | KB gzip, CROW | rrweb | script ms, CROW | rrweb | console errors, CROW | rrweb | assets shown |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
${rows.join('\n')}
${last}`;
}
