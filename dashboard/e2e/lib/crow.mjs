// The server under test, with an OpenID Connect provider and the keys of one organization.
import { freeAddresses, startCrow as start } from '../../../tools/e2e/crow.mjs';
import { startProvider } from './provider.mjs';

export const ORG = 'acme';

/** A server that nobody has used yet, whose people may sign in with a provider. */
export async function startEmpty({ settings = {}, data } = {}) {
  const at = await freeAddresses();
  const provider = await startProvider(`http://${at.query}`);
  // Sites of the tests are on this machine: catalogues are imported from the address of the shop.
  const outbound = {
    CROW_INTERACTION__OUTBOUND__ALLOWED_NETWORKS: '["127.0.0.1/32"]',
    CROW_INTERACTION__OUTBOUND__ALLOWED_PORTS: `[${at.shop.split(':')[1]}]`,
    CROW_QUERY__WEBHOOKS__ALLOW_HTTP: 'true',
    CROW_QUERY__WEBHOOKS__OUTBOUND__ALLOWED_NETWORKS: '["127.0.0.1/32"]',
    CROW_QUERY__WEBHOOKS__OUTBOUND__ALLOWED_PORTS: `[${at.shop.split(':')[1]}]`,
  };
  const crow = await start({ at, settings: { ...provider.settings, ...outbound, ...settings }, data });
  return {
    ...crow,
    async stop() {
      await crow.stop();
      provider.stop();
    },
  };
}

export async function startCrow(settings) {
  // A folder that is there already, such as that of `cargo xtask analytics-bench`, for timings among many sessions.
  const crow = await startEmpty({ settings, data: process.env.CROW_DATA_DIR });
  const key = (scope) => crow.key(ORG, scope);
  return { ...crow, ...client(crow, { write: key('ingest'), read: key('read'), admin: key('admin') }) };
}

/** What programs do with these keys of the organization. */
export function client({ ingest, page }, keys) {
  const get = async (path, token = keys.read) => {
    const answer = await fetch(`${page}${path}`, { headers: { Authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    keys,
    get,
    sessions: async (query = '') => (await get(`/sessions/${ORG}?limit=200${query}`)).sessions,
    async post(path, body, headers = {}) {
      const answer = await fetch(`${ingest}${path}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${keys.write}`, 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
  };
}
