// Writes a file and beside it what the gateway sends: `….br` and `….gz`.
import { writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Gives the sizes in bytes. */
export function writeCompressed(path, content) {
  const bytes = Buffer.from(content);
  const gzip = gzipSync(bytes, { level: 9 });
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  writeFileSync(path, bytes);
  writeFileSync(path + '.gz', gzip);
  writeFileSync(path + '.br', brotli);
  return { bytes: bytes.length, gzip: gzip.length, brotli: brotli.length };
}
