// An OpenID Connect provider for the tests of sign-in. It signs in whom `login_hint` names, or else
// whom its page is told, without a password. Prints its issuer once it listens, and ends with its
// standard input.
//
//   node provider.mjs '{"redirect": "…", "people": {"ann": {"email": "…", "email_verified": true}}}'

import { createServer } from 'node:http';
import { exit, argv, stdin } from 'node:process';

import Provider from 'oidc-provider';

const { redirect, secret, people } = JSON.parse(argv[2]);

// The issuer names the port, so the server listens before there is a provider.
const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'crow',
      client_secret: secret,
      redirect_uris: [redirect],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  ],
  pkce: { required: () => true },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
  cookies: { keys: ['a key for tests'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  // Nobody has to agree to what CROW may read.
  loadExistingGrant: async (ctx) => {
    const grant = new provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const who = params.login_hint ?? ctx.query.who;
  if (!who) {
    const link = (name) => `<li><a href="?who=${name}">${name}</a></li>`;
    const links = [...Object.keys(people), 'nobody'].map(link).join('');
    ctx.body = `<!doctype html><link rel="icon" href="data:,"><title>Who are you?</title><ul>${links}</ul>`;
    return;
  }
  const answer = people[who]
    ? { login: { accountId: who } }
    : { error: 'access_denied', error_description: 'nobody has this name' };
  const url = await provider.interactionResult(ctx.req, ctx.res, answer);
  ctx.redirect(url);
});

server.on('request', provider.callback());
console.log(issuer);
stdin.resume();
stdin.on('end', () => exit(0));
