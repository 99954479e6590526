// A private CROW server, as a user would run it: `crow serve` on free ports in a folder of its own.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProvider } from './provider.mjs';

export const ORG = 'acme';

export async function startCrow(settings = {}) {
  const binary = required('CROW_BIN', ['../target/debug/crow', '../target/release/crow']);
  const nats = required('CROW_NATS_SERVER', ['../target/tools/venv/bin/nats-server']);
  const folder = mkdtempSync(join(tmpdir(), 'crow-dashboard-'));
  const [ingest, query, grpc, session] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const page = `http://127.0.0.1:${query}`;
  const provider = await startProvider(page);
  const env = {
    ...process.env,
    ...provider.settings,
    CROW_NATS_SERVER: nats,
    CROW_INGEST__LISTEN: `127.0.0.1:${ingest}`,
    CROW_QUERY__LISTEN: `127.0.0.1:${query}`,
    CROW_QUERY__GRPC_LISTEN: `127.0.0.1:${grpc}`,
    CROW_SESSION__LISTEN: `127.0.0.1:${session}`,
    CROW_SESSION__FLUSH_AGE_MS: '300',
    ...settings,
  };
  const log = join(folder, 'crow.log');
  const out = openSync(log, 'w');
  // One that is there already, such as that of `cargo xtask analytics-bench`, for timings among many sessions.
  const data = process.env.CROW_DATA_DIR ?? join(folder, 'data');
  const crow = { ingest: `http://127.0.0.1:${ingest}`, page };
  const run = (...parts) => execFileSync(binary, [...parts, '--data-dir', data], { env });
  let child;
  const killed = () => child?.kill('SIGTERM');
  process.once('exit', killed);

  async function start() {
    child = spawn(binary, ['serve', '--data-dir', data], { env, stdio: ['ignore', out, out] });
    const answers = (at) =>
      fetch(`${at}/health/ready`).then(
        (answer) => answer.ok,
        () => false,
      );
    await until(
      async () => (await answers(crow.ingest)) && (await answers(crow.page)),
      () => `crow did not start:\n${readFileSync(log, 'utf8')}`,
    );
  }

  async function halt() {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await new Promise((done) => child.once('exit', done));
  }

  await start();
  const key = (...scopes) =>
    JSON.parse(run('keys', 'create', '--org', ORG, ...scopes.flatMap((scope) => ['--scope', scope]), '--json')).key;
  const keys = { write: key('ingest'), read: key('read'), admin: key('admin') };
  const get = async (path, token = keys.read) => {
    const answer = await fetch(`${crow.page}${path}`, { headers: { Authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return Object.assign(crow, {
    keys,
    get,
    run,
    sessions: async (query = '') => (await get(`/sessions/${ORG}?limit=200${query}`)).sessions,
    /** Stops the server while `work` has the folder for itself. */
    async pausedFor(work) {
      await halt();
      work();
      await start();
    },
    async post(path, body, headers = {}) {
      const answer = await fetch(`${crow.ingest}${path}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${keys.write}`, 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    async stop() {
      process.removeListener('exit', killed);
      await halt();
      provider.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

function required(variable, candidates) {
  const found = [process.env[variable], ...candidates].find((path) => path && existsSync(path));
  if (!found) throw new Error(`set ${variable} to the path of the program`);
  return found;
}

/** A port below those of outgoing connections, so that none takes it before the server listens. */
async function freePort() {
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

/** Waits until `isTrue` gives something true, and gives that; fails with `explain()`. */
export async function until(isTrue, explain = () => `timed out waiting for ${isTrue}`, timeout = 60_000) {
  const deadline = Date.now() + timeout;
  for (;;) {
    const result = await isTrue();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(await explain());
    await new Promise((done) => setTimeout(done, 50));
  }
}
