// The page that every SDK is measured on: a list of orders that asks, logs and changes for a while.

/** Values that must not leave the page. They are in every request, by the place where they are. */
export const SECRETS = {
  'header `authorization`': 'zq1authorizationqz',
  cookie: 'zq2cookieqz',
  'body of a request': 'zq3requestbodyqz',
  'body of an answer': 'zq4answerbodyqz',
  '`?token=` of a request': 'zq5tokenqz',
  '`?password=` of a request': 'zq6passwordqz',
  '`?token=` of the page': 'zq7pagetokenqz',
  'key `password` of a logged object': 'zq8loggedqz',
  'password field': 'zq9fieldqz',
};

/** The query of the page's own address. */
export const QUERY = `?token=${SECRETS['`?token=` of the page']}&tab=open`;

const STYLE = `body{font:15px sans-serif;margin:24px;display:grid;grid-template-columns:220px 1fr;gap:24px}
nav a{display:block;padding:6px 8px;color:#345}table{border-collapse:collapse;width:100%}td,th{padding:4px 8px;border-bottom:1px solid #dde}
.up{color:#171}.down{color:#911}.card{border:1px solid #ccd;border-radius:6px;padding:8px;margin:0 0 8px}.new{background:#ffd}`;

/** `head` loads the SDK. */
export const htmlOf = (head) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Orders</title>
<script>document.cookie = 'sid=${SECRETS.cookie}; path=/'; (${watchTasks})()</script>
${head}<style>${STYLE}</style></head><body>
<nav><h2>Shop</h2>${range(12, (i) => `<a href="#part-${i}">Part ${i} of the shop</a>`)}
<form><input name="user" value=""><input name="password" type="password" value="${SECRETS['password field']}"></form></nav>
<main><h1>Orders</h1><p class="card">Waiting: <b id="waiting">0</b>, sent: <b id="sent">0</b></p><div id="notes"></div>
<button id="refresh" type="button">Refresh</button>
<table><thead><tr><th>Order<th>Customer<th>State<th>Sum</tr></thead><tbody id="rows">${range(
  250,
  (i) =>
    `<tr id="row-${i}"><td>C-${1000 + i}<td>Customer ${(i * 37) % 91}<td class="state">open<td class="sum">${((i * 7919) % 9000) / 100}</tr>`,
)}</tbody></table></main>
<script src="/app.js"></script></body></html>`;

function range(count, make) {
  return Array.from({ length: count }, (_, i) => make(i)).join('');
}

/** Runs in the page, before the SDK. */
function watchTasks() {
  window.longTasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => longTasks.push(duration))).observe({
    type: 'longtask',
    buffered: true,
  });
}

export const appOf = () => `const SECRETS = ${JSON.stringify(SECRETS)};\n${app}\n`;

/** The program of the page. All of it follows from the number of the step, so each visit does the same. */
const app = String.raw`
/** Spread evenly over the time, whatever the timers do. */
function spread(count, ms, act) {
  return new Promise((done) => {
    const begun = performance.now();
    let at = 0;
    const timer = setInterval(() => {
      const due = Math.min(count, Math.floor((count * (performance.now() - begun)) / ms));
      while (at < due) act(at++);
      if (at < count) return;
      clearInterval(timer);
      done();
    }, 15);
  });
}

const addressOf = (i) =>
  '/api/orders/' + (i % 40) + '?page=' + (i % 7) + '&sort=date&token=' + SECRETS['\x60?token=\x60 of a request'] +
  '&password=' + SECRETS['\x60?password=\x60 of a request'];
const headers = { Authorization: 'Bearer ' + SECRETS['header \x60authorization\x60'], 'Content-Type': 'application/json' };
const bodyOf = (i) => JSON.stringify({ order: i, password: SECRETS['body of a request'], note: SECRETS['body of a request'] });
const answered = [];

function loadOrders(i) {
  answered.push(fetch(addressOf(i), { headers }).then((answer) => answer.json()));
}

function saveOrder(i) {
  answered.push(fetch(addressOf(i), { method: 'POST', headers, body: bodyOf(i) }).then((answer) => answer.json()));
}

function askTheOldWay(i) {
  answered.push(new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open('POST', addressOf(i));
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.onloadend = () => done(JSON.parse(request.responseText));
    request.send(bodyOf(i));
  }));
}

/** Of ten requests, six load, two save, and two are made by an older library. */
function ask(i) {
  if (i % 10 < 6) loadOrders(i);
  else if (i % 10 < 8) saveOrder(i);
  else askTheOldWay(i);
}

/** Of ten lines, five are log, two info, two warn and one error. One in five has an object. Each says its number, so it can be counted. */
function say(i) {
  const text = 'line-' + i + '- order C-' + (1000 + (i % 250)) + ' was loaded in ' + (20 + (i % 60)) + ' ms';
  const level = ['log', 'info', 'log', 'warn', 'log', 'info', 'log', 'warn', 'log', 'error'][i % 10];
  if (i % 5) return console[level](text);
  console[level](text, {
    id: 'C-' + (1000 + (i % 250)), customer: { plan: 'pro', since: 2019 },
    items: [1, 2, 3].map((id) => ({ id, price: 9.5 })), password: SECRETS['key \x60password\x60 of a logged object'],
  });
}

function change(i) {
  document.getElementById('waiting').textContent = i % 90;
  document.getElementById('sent').textContent = i;
  const row = document.getElementById('row-' + ((i * 7) % 250));
  row.querySelector('.state').textContent = ['open', 'paid', 'sent'][i % 3];
  row.querySelector('.sum').className = 'sum ' + (i % 2 ? 'up' : 'down');
  if (i % 10) return;
  const note = document.createElement('div');
  note.className = 'card new';
  note.innerHTML = '<b>Order C-' + (1000 + i) + '</b> <span>was sent to customer ' + (i % 91) + '</span>';
  const notes = document.getElementById('notes');
  notes.prepend(note);
  if (notes.children.length > 8) notes.lastElementChild.remove();
}

/** Resolves when all was done and answered. */
window.work = async ({ ms, requests, lines, changes }) => {
  await Promise.all([spread(requests, ms, ask), spread(lines, ms, say), spread(changes, ms, change)]);
  return (await Promise.all(answered)).length;
};
`;
