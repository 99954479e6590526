// Reads what an SDK has sent, to see whether it really recorded.
import { gunzipSync, inflateSync } from 'node:zlib';

/** All that may be compressed inside of a body, as texts. */
function textsIn(bytes) {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return textsIn(gunzipSync(bytes));
  const zlib = zlibIn(bytes);
  if (zlib) return [bytes.subarray(0, zlib.at).toString(), ...textsIn(zlib.content)];
  const text = bytes.toString();
  const decoded = /^data=/.test(text) ? Buffer.from(decodeURIComponent(text.slice(5)), 'base64').toString() : '';
  return [text, decoded, ...stringsOfGzip(text)];
}

/** Sentry's recording: a line of headers, then zlib. */
function zlibIn(bytes) {
  for (let at = bytes.indexOf('\n'); at >= 0; at = bytes.indexOf('\n', at + 1)) {
    if (bytes[at + 1] !== 0x78) continue;
    try {
      return { at: at + 1, content: inflateSync(bytes.subarray(at + 1)) };
    } catch {
      // Text that begins with an x.
    }
  }
  return undefined;
}

/** PostHog puts gzip into strings of JSON, a character for a byte. */
function stringsOfGzip(text) {
  return [...text.matchAll(/"(\\u001f\x8b(?:[^"\\]|\\.)*)"/gs)].map(([quoted]) =>
    gunzipSync(Buffer.from(JSON.parse(quoted), 'latin1')).toString(),
  );
}

/** One text of everything that a request carried: as sent, and with all that was compressed. */
export function readable({ url, headers, body }) {
  return [decodeURIComponent(url), JSON.stringify(headers), body.toString('latin1'), ...textsIn(body)].join('\n');
}

/** Finds every object in JSON, however deep, that `is` accepts. */
function* objectsIn(value, is) {
  if (typeof value !== 'object' || value === null) return;
  if (is(value)) yield value;
  else for (const inner of Object.values(value)) yield* objectsIn(inner, is);
}

function* jsonOf({ body }) {
  for (const text of textsIn(body))
    for (const line of [text, ...text.split('\n')]) {
      if (!/^[[{]/.test(line)) continue;
      try {
        yield JSON.parse(line);
      } catch {
        // The whole of an envelope, whose lines are JSON.
      }
      if (line === text && !text.includes('\n')) break;
    }
}

const isRecorded = (value) =>
  typeof value.type === 'number' && typeof value.timestamp === 'number' && value.data !== undefined;

/** Events of the recording, in the form of rrweb, of all requests. */
function recordedIn(sent) {
  return sent.flatMap((request) => [...jsonOf(request)].flatMap((json) => [...objectsIn(json, isRecorded)]));
}

/**
 * How many of the page's lines and requests the recording has, and of what kinds its events are. A line is told by the number in its
 * text; a request by its address, each with a number that the page counts up.
 */
export function captured(sent) {
  const events = recordedIn(sent);
  const lines = new Set();
  let requests = 0;
  const kinds = {};
  for (const event of events) {
    const { type, data } = event;
    const plugin = data.plugin ?? data.tag;
    const name = plugin
      ? `${plugin}${data.payload?.category ? ' ' + data.payload.category : ''}${data.payload?.op ? ' ' + data.payload.op : ''}`
      : `type ${type}`;
    kinds[name] = (kinds[name] ?? 0) + 1;
    if (plugin === 'rrweb/network@1') requests += data.payload.requests.filter(({ name }) => isApi(name)).length;
    else if (plugin === 'performanceSpan')
      requests += /^resource\.(fetch|xhr)$/.test(data.payload.op) && isApi(data.payload.description) ? 1 : 0;
    else if (plugin === 'rrweb/console@1' || data.payload?.category === 'console')
      for (const [, number] of JSON.stringify(data.payload).matchAll(/line-(\d+)-/g)) lines.add(number);
  }
  const changes = events.filter(
    ({ type, data }) => type === 3 && (data.source === 0 || typeof data === 'string'),
  ).length;
  return { lines: lines.size, requests, changes, snapshots: events.filter(({ type }) => type === 2).length, kinds };
}

const isApi = (address) => /\/api\/orders\//.test(address);
