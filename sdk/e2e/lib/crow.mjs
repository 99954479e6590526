// A private CROW server, as a user would run it: `crow serve` on free ports in a folder of its own.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ORG = 'e2e';
/** A busy machine takes its time; nothing that works takes so long. */
export const DEADLINE_MS = 60_000;

export async function startCrow(settings = {}) {
  const binary = required('CROW_BIN', ['../target/debug/crow', '../target/release/crow']);
  const nats = required('CROW_NATS_SERVER', ['../target/tools/venv/bin/nats-server']);
  const folder = mkdtempSync(join(tmpdir(), 'crow-e2e-'));
  const [ingest, query, grpc, session, shop] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const env = {
    ...process.env,
    CROW_NATS_SERVER: nats,
    CROW_INGEST__LISTEN: `127.0.0.1:${ingest}`,
    CROW_QUERY__LISTEN: `127.0.0.1:${query}`,
    CROW_QUERY__GRPC_LISTEN: `127.0.0.1:${grpc}`,
    CROW_SESSION__LISTEN: `127.0.0.1:${session}`,
    CROW_SERVER__DEMO_LISTEN: `127.0.0.1:${shop}`,
    CROW_SESSION__FLUSH_AGE_MS: '300',
    ...settings,
  };
  const log = join(folder, 'crow.log');
  const out = openSync(log, 'w');
  const data = join(folder, 'data');
  const child = spawn(binary, ['serve', '--demo', '--data-dir', data], { env, stdio: ['ignore', out, out] });
  // A runner that fails leaves nothing running.
  const killed = () => child.kill('SIGTERM');
  process.once('exit', killed);
  const ready = async () => {
    const answers = await Promise.all(
      [`${ingest}/health/ready`, `${query}/health/ready`].map((at) =>
        fetch(`http://127.0.0.1:${at}`).then(
          (r) => r.ok,
          () => false,
        ),
      ),
    );
    return answers.every(Boolean);
  };
  await until(ready, DEADLINE_MS, () => `crow did not start:\n${readFileSync(log, 'utf8')}`);
  const key = (org, scope) =>
    JSON.parse(
      execFileSync(binary, ['keys', 'create', '--data-dir', data, '--org', org, '--scope', scope, '--json'], { env }),
    ).key;
  const reader = (org) => createReader(`http://127.0.0.1:${query}`, org, key(org, 'read'));
  return {
    origin: `http://127.0.0.1:${ingest}`,
    /** The folder of everything that it stores. */
    data,
    shop: `http://127.0.0.1:${shop}`,
    write: key(ORG, 'ingest'),
    ...reader(ORG),
    /** Reads the sessions of another organization. */
    reader,
    /** Another organization, whose settings may be changed. */
    organization: (org) => ({
      write: key(org, 'ingest'),
      changeSettings: (change) =>
        changeSettings(`http://127.0.0.1:${query}/admin/${org}/settings`, key(org, 'admin'), change),
      ...reader(org),
    }),
    async stop() {
      process.removeListener('exit', killed);
      child.kill('SIGTERM');
      await new Promise((done) => child.once('exit', done));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The read API of one organization. */
function createReader(origin, org, key) {
  const get = async (path) => {
    const response = await fetch(`${origin}/sessions/${org}${path}`, { headers: { Authorization: `Bearer ${key}` } });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    sessions: async () => (await get('?limit=200')).sessions,
    session: (id) => get(`/${id}`),
    replay: (id) => get(`/${id}/replay?format=rrweb`),
    /** All stored events of a session, over all pages of the answer. */
    async events(id) {
      const events = [];
      let cursor = '';
      do {
        const page = await get(`/${id}/events?limit=1000${cursor && `&cursor=${cursor}`}`);
        if (!page) return [];
        events.push(...page.events);
        cursor = page.nextCursor;
      } while (cursor);
      return events;
    },
  };
}

async function changeSettings(url, key, change) {
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
  const { version, settings } = await (await fetch(url, { headers })).json();
  const answer = await fetch(url, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ version, settings: change(settings) }),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
}

function required(variable, candidates) {
  const found = [process.env[variable], ...candidates].find((path) => path && existsSync(path));
  if (!found) throw new Error(`set ${variable} to the path of the program`);
  return found;
}

/** A port below those of outgoing connections, so that none takes it before the server listens. */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** Waits until a number has not changed for a while, such as that of what arrives. */
export async function settled(number) {
  for (let last = -1; last !== number();) {
    last = number();
    await new Promise((done) => setTimeout(done, 400));
  }
}

/** Waits until `isTrue`; fails with `explain()`. */
export async function until(isTrue, timeout = DEADLINE_MS, explain = () => 'timed out waiting for ' + isTrue) {
  const deadline = Date.now() + timeout;
  for (;;) {
    const result = await isTrue();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(await explain());
    await new Promise((done) => setTimeout(done, 50));
  }
}
