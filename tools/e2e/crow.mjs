// A private CROW server, as a user would run it: `crow serve` on free ports in a folder of its own.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.mjs';
import { until } from './wait.mjs';

/** Free addresses of its parts. Ask for them first if a setting has to name one. */
export async function freeAddresses() {
  const address = async () => `127.0.0.1:${await freePort()}`;
  const [ingest, query, grpc, session, shop] = await Promise.all(Array.from({ length: 5 }, address));
  return { ingest, query, grpc, session, shop };
}

/**
 * Starts a server at these addresses. `options` are more words of `crow serve`, `settings` more variables of its environment. A folder
 * with `data` that is there already stays.
 */
export async function startCrow({ at, options = [], settings = {}, data: given } = {}) {
  const binary = required('CROW_BIN', ['target/debug/crow', 'target/release/crow']);
  const nats = required('CROW_NATS_SERVER', ['target/tools/venv/bin/nats-server']);
  const { ingest, query, grpc, session, shop } = at ?? (await freeAddresses());
  const folder = mkdtempSync(join(tmpdir(), 'crow-e2e-'));
  const data = given ?? join(folder, 'data');
  const log = join(folder, 'crow.log');
  const out = openSync(log, 'w');
  const env = {
    ...process.env,
    CROW_NATS_SERVER: nats,
    CROW_INGEST__LISTEN: ingest,
    CROW_QUERY__LISTEN: query,
    CROW_QUERY__GRPC_LISTEN: grpc,
    CROW_SESSION__LISTEN: session,
    CROW_SERVER__DEMO_LISTEN: shop,
    CROW_SESSION__FLUSH_AGE_MS: '300',
    ...settings,
  };
  const run = (...words) => execFileSync(binary, [...words, '--data-dir', data], { env });
  const said = () => readFileSync(log, 'utf8');
  let child;
  // A runner that fails leaves nothing running.
  const killed = () => child?.kill('SIGTERM');
  process.once('exit', killed);

  async function start() {
    child = spawn(binary, ['serve', ...options, '--data-dir', data], { env, stdio: ['ignore', out, out] });
    const isReady = (address) =>
      fetch(`http://${address}/health/ready`).then(
        (answer) => answer.ok,
        () => false,
      );
    await until(
      async () => (await isReady(ingest)) && (await isReady(query)),
      () => `crow did not start:\n${said()}`,
    );
  }

  async function halt() {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await new Promise((done) => child.once('exit', done));
  }

  await start();
  return {
    /** Where batches go, where the dashboard and the read API are, and the demo shop. */
    ingest: `http://${ingest}`,
    page: `http://${query}`,
    shop: `http://${shop}`,
    /** The folder of everything that it stores. */
    data,
    /** A command of `crow` for this server; gives what it prints. */
    run,
    /** What the server has printed. */
    said,
    /** A new API key. */
    key: (organization, ...scopes) => {
      const words = scopes.flatMap((scope) => ['--scope', scope]);
      return JSON.parse(run('keys', 'create', '--org', organization, ...words, '--json')).key;
    },
    /** Stops the server while `work` has the folder for itself. */
    async pausedFor(work) {
      await halt();
      work();
      await start();
    },
    async stop() {
      process.removeListener('exit', killed);
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function required(variable, built) {
  const candidates = built.map((path) => new URL(`../../${path}`, import.meta.url).pathname);
  const found = [process.env[variable], ...candidates].find((path) => path && existsSync(path));
  if (!found) throw new Error(`set ${variable} to the path of the program`);
  return found;
}
