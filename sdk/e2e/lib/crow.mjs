// The server under test, with its demo shop, and what the read API says of it.
import { startCrow as start } from '../../../tools/e2e/crow.mjs';

const ORG = 'e2e';

export async function startCrow() {
  const crow = await start({ options: ['--demo'] });
  const reader = (org) => createReader(crow.page, org, crow.key(org, 'read'));
  return {
    ...crow,
    write: crow.key(ORG, 'ingest'),
    ...reader(ORG),
    /** Reads the sessions of another organization. */
    reader,
    /** Another organization, whose settings may be changed. */
    organization: (org) => ({
      write: crow.key(org, 'ingest'),
      changeSettings: (change) => changeSettings(`${crow.page}/admin/${org}/settings`, crow.key(org, 'admin'), change),
      ...reader(org),
    }),
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
