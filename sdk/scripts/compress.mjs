// Writes a file and beside it what the gateway sends: `….br` and `….gz`.
import { writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import pako from 'pako';

/** Gives the sizes in bytes: `gzip` is what zlib makes at level 9 (pako is zlib; node has a variant that finds other matches), `zopfli` the smaller file of the same format that is sent. */
export async function writeCompressed(path, content) {
  const bytes = Buffer.from(content);
  const gzip = pako.gzip(bytes, { level: 9 });
  const served = await zopfli(bytes);
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  writeFileSync(path, bytes);
  writeFileSync(path + '.gz', served);
  writeFileSync(path + '.br', brotli);
  return { bytes: bytes.length, gzip: gzip.length, zopfli: served.length, brotli: brotli.length };
}

async function zopfli(bytes) {
  // Imported late: once loaded, it prints itself before any error that nobody catches.
  const { gzipAsync } = (await import('@gfx/zopfli')).default;
  return gzipAsync(bytes, { numiterations: 50 });
}
