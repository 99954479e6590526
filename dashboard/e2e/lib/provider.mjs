// An OpenID Connect provider, for the sign-in with one. It signs in whom the page that asks names, without a form.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const FOLDER = new URL('../../../tools/oidc/', import.meta.url).pathname;
const SECRET = 'a secret of the browser tests';
export const DOMAIN = 'staff.example';

/** The people of the provider by their names there. */
const PEOPLE = {
  petra: { name: 'Petra', email: `petra@${DOMAIN}`, email_verified: true },
  stranger: { name: 'Stranger', email: 'stranger@elsewhere.example', email_verified: true },
};

/** Starts the provider for a server at this address; gives the settings of the server, and how to stop it. */
export async function startProvider(page) {
  const settings = { redirect: `${page}/auth/oidc/callback`, secret: SECRET, people: PEOPLE };
  const child = spawn('node', ['provider.mjs', JSON.stringify(settings)], {
    cwd: FOLDER,
    stdio: 'pipe',
  });
  // It warns that it is made for tests.
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  const [issuer] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'exit').then(() => {
      throw new Error(`the provider did not start; npm ci in ${FOLDER} installs it:\n${said}`);
    }),
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'crow-provider-'));
  const file = join(folder, 'secret');
  writeFileSync(file, SECRET);
  return {
    settings: {
      CROW_QUERY__PUBLIC_URL: page,
      CROW_QUERY__OIDC__ISSUER: issuer,
      CROW_QUERY__OIDC__NAME: 'Staff account',
      CROW_QUERY__OIDC__CLIENT_ID: 'crow',
      CROW_QUERY__OIDC__CLIENT_SECRET_FILE: file,
      CROW_QUERY__OIDC__ALLOWED_DOMAINS: JSON.stringify([DOMAIN]),
      CROW_QUERY__OIDC__ORGANIZATION: 'acme',
      CROW_QUERY__OIDC__DEFAULT_ROLE: 'member',
    },
    stop() {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
