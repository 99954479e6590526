import type { Session } from '../api/types';
import { fullTime } from '../format';

/** One HTML file with the recording and a player, which asks no server for anything. */
export async function standaloneFile(session: Session, recording: string): Promise<Blob> {
  const script = await fetch('/standalone.js').then((answer) => {
    if (!answer.ok) throw new Error('the player of downloads is missing');
    return answer.text();
  });
  return new Blob([await document_(session, recording, script)], { type: 'text/html' });
}

async function document_(session: Session, recording: string, script: string): Promise<string> {
  const code = script.replaceAll('</script', '<\\/script');
  const hash = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code)))));
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
<script>${code}</script>
</body>
</html>
`;
}

/** No end tag of a script, in a form that JSON reads as the same. */
export const escapeData = (json: string): string => json.replaceAll('<', '\\u003c');
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
