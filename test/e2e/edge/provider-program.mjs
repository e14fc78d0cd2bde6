import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import Provider from 'oidc-provider';

/** An OpenID provider whose people have any password. Their groups are in userinfo, as its specification says. */
const { issuer, client, people, port, directory } = JSON.parse(process.env.PROVIDER);

const provider = new Provider(issuer, {
  clients: [client],
  cookies: { keys: [issuer] },
  pkce: { required: () => true },
  claims: {
    openid: ['sub'],
    email: ['email', 'email_verified'],
    profile: ['name', 'preferred_username'],
    groups: ['groups'],
  },
  // Nobody is asked for consent.
  async loadExistingGrant({ oidc }) {
    const { accountId } = oidc.session;
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId });
    grant.addOIDCScope('openid email profile groups');
    await grant.save();
    return grant;
  },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
});
provider.on('grant.error', (_, error) => console.error(error.message, error.error_detail));

const read = (name) => readFileSync(`${directory}/${name}`);
createServer({ cert: read('tls.crt'), key: read('tls.key') }, provider.callback()).listen(port);
