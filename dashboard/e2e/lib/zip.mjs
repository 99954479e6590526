// What is in a zip file, for files below 4 GB.
import { inflateRawSync } from 'node:zlib';

const END = Buffer.from('PK\x05\x06', 'latin1');
const STORED = 0;

/** The text of each file in it, by name. */
export function unzip(zip) {
  const end = zip.lastIndexOf(END);
  if (end < 0) throw new Error('this zip file is not whole');
  const files = {};
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(from, from + zip.readUInt32LE(at + 20));
    files[name] = (zip.readUInt16LE(at + 10) === STORED ? content : inflateRawSync(content)).toString();
    at += 46 + nameLength + extraLength + noteLength;
  }
  return files;
}
