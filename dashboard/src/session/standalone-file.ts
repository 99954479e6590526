import type { Session } from '../api/types';
import { fullTime } from '../format';
import { AssetBook } from '../player/assets';
import { Tracks } from '../player/tracks';
import { assetsOf as placeOf, findAssets } from './assets';

/** A file with more than this is slow to open. What is left out shows as missing. */
const MAX_ASSET_CHARS = 64 * 1024 * 1024;

/** One HTML file with the recording, its pictures and fonts, and a player, which asks no server for anything. */
export async function standaloneFile(session: Session, recording: string): Promise<Blob> {
  const script = await fetch('/standalone.js').then((answer) => {
    if (!answer.ok) throw new Error('the player of downloads is missing');
    return answer.text();
  });
  const assets = await assetsOf(session.organizationId, recording);
  return new Blob([await document_(session, recording, assets, script)], { type: 'text/html' });
}

/** The pictures and fonts that a recording shows, as `data:` addresses, by the address that the page had for them. */
async function assetsOf(organization: string, recording: string): Promise<Record<string, string>> {
  const book = new AssetBook();
  const tracks = new Tracks({ allowRemote: false, assets: book });
  tracks.add(recording);
  const found: Record<string, string> = {};
  let room = MAX_ASSET_CHARS;
  await findAssets(placeOf(organization), book.takeUnasked(), tracks.last ?? Date.now(), (some) => {
    for (const { url, type, bytes } of some) {
      const address = `data:${type};base64,${base64(new Uint8Array(bytes))}`;
      if (address.length > room) continue;
      room -= address.length;
      found[url] = address;
    }
  });
  return found;
}

async function document_(
  session: Session,
  recording: string,
  assets: Record<string, string>,
  script: string,
): Promise<string> {
  const code = script.replaceAll('</script', '<\\/script');
  const hash = base64(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code))));
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:`;
  const title = escapeHtml(`${session.userId ?? session.sessionId}, ${fullTime(session.startedAt, 'UTC')}`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<body data-from="${session.startedAt}" data-title="${title}">
<script type="application/x-ndjson" id="recording">${escapeData(recording)}</script>
<script type="application/json" id="assets">${escapeData(JSON.stringify(assets))}</script>
<script>${code}</script>
</body>
</html>
`;
}

/** In pieces, since a function takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 8_192)
    text += String.fromCharCode(...bytes.subarray(from, from + 8_192));
  return btoa(text);
}

/** No end tag of a script, in a form that JSON reads as the same. */
export const escapeData = (json: string): string => json.replaceAll('<', '\\u003c');
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
