// Shows what `watch.js` of the shop's pages tells.

const SHOWN = 60;
const REPLAY_KINDS = { 2: 'full snapshot', 3: 'change', 4: 'page', 5: 'note', 6: 'plugin' };
const $ = (id) => document.getElementById(id);
const totals = { requests: 0, events: 0, replay: 0, bytes: 0, acknowledged: 0 };
const latencies = [];
const cards = new Map();

new BroadcastChannel('crow-demo').onmessage = ({ data: { kind, sent, answered } }) => {
  if (kind === 'sent') showSent(sent);
  else showAnswered(answered);
  showTotals();
};
setInterval(() => ($('address').textContent = $('shop').contentWindow.location.pathname), 300);

function showSent(sent) {
  const { events = [], replay = [], sessionId, windowId, seq, context } = sent.body;
  totals.requests++;
  totals.events += events.length;
  totals.replay += replay.length;
  totals.bytes += sent.bytes;
  const card = make('li', 'request');
  const line = make('div', 'line', make('code', '', `POST ${sent.path}`), make('span', '', describe(sent, seq)), make('span', 'answer', '…'));
  const chips = make('div', 'chips', ...counted(events.map(({ type, name }) => [name ?? type, name ? 'custom' : type])), ...counted(replay.map(({ type }) => [REPLAY_KINDS[type] ?? 'replay', 'replay'])));
  card.append(line, chips, folded('request', { ...sent.body, replay: replay.length > 3 ? [...replay.slice(0, 3), `… ${replay.length - 3} more`] : replay }));
  cards.set(sent.id, card);
  $('list').prepend(card);
  $('list').children[SHOWN]?.remove();
  $('session').replaceChildren('session ', make('b', '', sessionId), ' · window ', make('b', '', windowId ?? ''), ...(context?.userId ? [' · user ', make('b', '', context.userId)] : []));
}

function showAnswered({ id, status, body, error, ms }) {
  const card = cards.get(id);
  if (!card) return;
  const isGood = status < 300;
  if (isGood) {
    totals.acknowledged += (body?.accepted ?? 0) + (body?.acceptedReplay ?? 0);
    latencies.push(ms);
  }
  card.classList.add(isGood ? 'good' : 'bad');
  card.querySelector('.answer').textContent = error ? 'not reached' : `${status} in ${ms} ms`;
  card.append(folded('answer', body ?? error));
}

function describe({ bytes, plain, packed, keepalive }, seq) {
  const size = packed ? `${kilo(plain)} as ${kilo(bytes)} ${packed}` : kilo(bytes);
  return [seq === undefined ? '' : `batch ${seq}`, size, keepalive ? 'as the page went' : ''].filter(Boolean).join(' · ');
}

/** A chip for each kind, with how many there are. */
function counted(kinds) {
  const counts = new Map();
  for (const [name, style] of kinds) counts.set(name, { style, count: (counts.get(name)?.count ?? 0) + 1 });
  return [...counts].map(([name, { style, count }]) => make('span', 'chip ' + style, count > 1 ? `${name} × ${count}` : name));
}

function folded(title, content) {
  const details = make('details', '', make('summary', '', title));
  details.addEventListener('toggle', () => details.append(make('pre', '', JSON.stringify(content, null, 1))), { once: true });
  return details;
}

function showTotals() {
  for (const name of ['requests', 'events', 'replay', 'acknowledged']) $(name).textContent = totals[name].toLocaleString('en');
  $('bytes').textContent = kilo(totals.bytes);
  const sorted = [...latencies].sort((a, b) => a - b);
  if (sorted.length) $('latency').textContent = sorted[sorted.length >> 1] + ' ms';
}

function kilo(bytes) {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} KB`;
}

/** An element; texts are texts, never HTML. */
function make(name, className = '', ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children);
  return element;
}
