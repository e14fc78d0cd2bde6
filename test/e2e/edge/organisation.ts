import { grafanaSettings } from '../../../lib/grafana/settings.ts';
import { edgePort, issuer, there } from './edge.ts';

/** Grafana as an organisation opens it: below a path of a host of theirs, by TLS, with their sign-in. */
export const host = 'mantis-e2e.example.org';
export const path = '/observability';
export const url = `https://${host}${path}`;
export const secrets = { signIn: 'e2e-sign-in', ca: 'e2e-company-ca', tls: 'e2e-grafana-tls' };

const person = (name: string, ...groups: string[]) => ({
  email: `${name}@example.org`,
  email_verified: true,
  name,
  ...(groups.length > 0 && { groups }),
});
export const people = {
  ada: person('ada', 'staff', 'platform'),
  victor: person('victor', 'staff'),
  // Whose group has the name of the administrators' within it.
  nora: person('nora', 'no-platform'),
  // Who has no groups, and the name of Grafana's own administrator.
  admin: person('admin'),
};

export const grafana = (hasRoutes: boolean) =>
  grafanaSettings.parse({
    url,
    allowedClients: { namespaces: [there.namespace] },
    egress: [{ port: edgePort }],
    secret: secrets.signIn,
    ingress: { className: 'mantis-e2e', tlsSecret: secrets.tls },
    ...(hasRoutes && { httpRoute: { parentRefs: [{ name: 'public', namespace: 'default' }] } }),
    oidc: {
      name: 'Company',
      clientId: 'mantis',
      authUrl: `${issuer}/auth`,
      tokenUrl: `${issuer}/token`,
      apiUrl: `${issuer}/me`,
      scopes: ['openid', 'profile', 'email', 'groups'],
      roles: { admin: ['platform'], viewer: ['staff'] },
      autoLogin: true,
      caSecret: secrets.ca,
    },
  });
