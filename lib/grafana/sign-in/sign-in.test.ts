import { refusals } from '../../../test/synthesized.ts';
import { grafanaConfig } from '../config.ts';
import { grafanaSettings } from '../settings.ts';
import { rolePath, signInConfig } from './config.ts';

const provider = {
  clientId: 'mantis',
  authUrl: 'https://login.example.com/authorize',
  tokenUrl: 'https://login.example.com/token',
  apiUrl: 'https://login.example.com/userinfo',
};
const roles = { admin: ['platform'], viewer: ['staff', 'guests'] };
const oidc = { ...provider, roles };
const egress = [{ port: 443 }];
const secret = 'grafana-sso';

function configOf(more: object = {}) {
  const settings = grafanaSettings.parse({ secret, oidc: { ...oidc, ...more } });
  if (settings.oidc === undefined) throw new Error('no oidc');
  return signInConfig(settings.oidc);
}

test('a person without a role is refused, and nobody is server administrator', () => {
  expect(configOf()).toMatchObject({ role_attribute_strict: true, use_pkce: true });
  expect(configOf()).not.toHaveProperty('allow_assign_grafana_admin');
});

test('the secret of the client is in no setting', () => {
  expect(Object.keys(configOf())).not.toContain('client_secret');
});

test('the highest role comes first, and groups are compared as a whole', () => {
  expect(
    rolePath({ groupsClaim: 'realm_access.roles', roles: { editor: ['a b'], ...roles } }),
  ).toBe(
    "realm_access.roles[?@ == 'platform'] && 'Admin' || realm_access.roles[?@ == 'a b'] && 'Editor' || realm_access.roles[?@ == 'staff' || @ == 'guests'] && 'Viewer'",
  );
});

test('all others can be viewers, without a role that would end the search for a higher one', () => {
  const settings = grafanaSettings.parse({
    secret,
    oidc: { ...oidc, roles: { ...roles, viewer: 'all' } },
  });
  const directories = { dataDir: '/data', provisioning: '/provisioning' };
  const config = grafanaConfig({ httpPort: 3000, ...directories, ...settings });
  expect(config['auth.generic_oauth']).toMatchObject({
    role_attribute_path: "groups[?@ == 'platform'] && 'Admin'",
    role_attribute_strict: false,
  });
  expect(config.users).toMatchObject({ auto_assign_org_role: 'Viewer' });
});

test('without groups there is no path', () => {
  const config = configOf({ roles: { viewer: 'all' } });
  expect(config).toMatchObject({ role_attribute_strict: false });
  expect(config).not.toHaveProperty('role_attribute_path');
});

test('a claim that is a URL is quoted', () => {
  const { groups_attribute_path: path } = configOf({ groupsClaim: 'https://example.com/groups' });
  expect(path).toBe('"https://example.com/groups"');
});

test('each name of a claim is quoted where it needs be', () => {
  const path = (groupsClaim: string) => configOf({ groupsClaim }).groups_attribute_path;
  expect(path('resource_access.my-client.roles')).toBe('resource_access."my-client".roles');
  expect(path('realm_access.roles')).toBe('realm_access.roles');
});

test('the CA is a file of the Secret', () => {
  expect(configOf({ caSecret: 'company-ca' })).toMatchObject({
    tls_client_ca: '/etc/secrets/company-ca/ca.crt',
  });
});

test.each([
  [{ oidc, egress }, 'grafana.secret: got nothing, wanted the name of the Secret with the key GF_'],
  [{ oidc, secret }, 'grafana.egress: got [], wanted the addresses of grafana.oidc.tokenUrl'],
  [
    { oidc: { ...oidc, apiUrl: 'https://login.example.com:8443/me' }, secret, egress },
    '[{ port: 8443 }]',
  ],
  [{ oidc: provider, secret, egress }, 'grafana.oidc.roles: got nothing, wanted who is admin'],
  [
    { oidc: { ...oidc, roleAttributePath: "'Admin'" }, secret, egress },
    'wanted roles or roleAttributePath, not both',
  ],
  [
    { oidc: { ...oidc, caSecret: 'a'.repeat(49) }, secret, egress },
    'wanted a name of at most 48 lower-case letters',
  ],
  [{ oidc: { ...oidc, roles: {} }, secret, egress }, 'at least one group'],
  [
    { oidc: { ...oidc, roles: { admin: ["' || 'Admin"] } }, secret, egress },
    'grafana.oidc.roles.admin.0',
  ],
  [{ oidc: { ...oidc, tokenUrl: undefined }, secret, egress }, 'grafana.oidc.tokenUrl'],
])('%j is one clear error', (grafana, message) => {
  expect(refusals({ grafana })).toEqual([expect.stringContaining(message)]);
});
