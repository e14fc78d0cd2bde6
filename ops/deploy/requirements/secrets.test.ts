import { settingsSchema } from '../../../lib/schema.ts';
import { synth } from '../../../test/synthesized.ts';
import { checkSecrets, requiredSecrets } from './secrets.ts';

const target = { context: 'prod', namespace: 'observability' };

/** The names in all fields of a tree that refer to Secrets. */
function secretsIn(tree: unknown, field = ''): string[] {
  if (typeof tree !== 'object' || tree === null) return [];
  const { name, secretName } = tree as Record<string, string>;
  const own = ['secret', 'secretRef', 'secretKeyRef', 'imagePullSecrets'].includes(field);
  const below = Object.entries(tree).flatMap(([key, value]) =>
    secretsIn(value, Array.isArray(tree) ? field : key),
  );
  return [...(own ? [secretName ?? name ?? []].flat() : []), ...below];
}

test('every Secret that pods refer to is named by a setting, or created by deploy', () => {
  const input = {
    imagePullSecret: 'pull',
    alertmanager: { secret: 'alerting' },
    collector: { secret: 'vendor' },
    grafana: { secret: 'smtp' },
    clusterView: { enabled: true },
  };
  const names = new Set(secretsIn(synth(input)));
  names.delete('grafana-admin');
  expect([...names].sort()).toEqual(['alerting', 'pull', 'smtp', 'vendor']);
  expect(requiredSecrets(settingsSchema.parse(input))).toEqual([
    { name: 'alerting', settings: ['alertmanager.secret'], keys: [] },
    { name: 'pull', settings: ['imagePullSecret'], keys: [] },
    { name: 'smtp', settings: ['grafana.secret'], keys: [] },
    { name: 'vendor', settings: ['collector.secret'], keys: [] },
  ]);
});

test('collector.externalAccess names its Secrets and their keys, and how a certificate is created', () => {
  const input = {
    collector: {
      externalAccess: {
        tls: { secret: 'otlp-tls', clientCaSecret: 'clients' },
        basicAuth: { secret: 'users', key: 'auth' },
      },
    },
  };
  expect([...new Set(secretsIn(synth(input)))].sort()).toEqual([
    'clients',
    'grafana-admin',
    'otlp-tls',
    'users',
  ]);
  const wanted = requiredSecrets(settingsSchema.parse(input));
  expect(wanted).toMatchObject([
    { name: 'clients', keys: ['ca.crt'] },
    { name: 'otlp-tls', keys: ['tls.crt', 'tls.key'] },
    { name: 'users', keys: ['auth'] },
  ]);
  const existing = new Map([
    ['clients', ['ca.crt']],
    ['users', ['auth']],
  ]);
  expect(checkSecrets(wanted, existing, target, false)).toMatchObject({
    seen: 'there is no otlp-tls (collector.externalAccess.tls.secret)',
    todo: expect.stringContaining("create secret tls otlp-tls '--cert=…' '--key=…'"),
  });
});

test('a Secret that two settings name needs the keys of both', () => {
  const shared = settingsSchema.parse({
    collector: { secret: 'a', redact: { hash: ['user.id'], hashKey: 'SALT' } },
    grafana: { secret: 'a' },
  });
  const settings = ['collector.secret', 'grafana.secret'];
  expect(requiredSecrets(shared)).toEqual([{ name: 'a', settings, keys: ['SALT'] }]);
});

test('keys in configuration files are required too', () => {
  const named = settingsSchema.parse({
    alertmanager: {
      secret: 'alerting',
      egress: [{ port: 443 }],
      receivers: [
        { name: 'team', slack: { channel: '#a', urlKey: 'slack-url' } },
        { name: 'night', pagerduty: { routingKeyKey: 'routing' } },
      ],
    },
    collector: { secret: 'vendor', redact: { hash: ['user.id'], hashKey: 'SALT' } },
  });
  expect(requiredSecrets(named)).toMatchObject([
    { name: 'alerting', keys: ['slack-url', 'routing'] },
    { name: 'vendor', keys: ['SALT'] },
  ]);
});

test('signing in needs the secret of the client, and the CA', () => {
  const url = 'https://login.example.com';
  const oidc = {
    ...{ clientId: 'mantis', authUrl: url, tokenUrl: url, apiUrl: url, caSecret: 'company-ca' },
    roles: { admin: ['platform'] },
  };
  const grafana = { secret: 'sso', egress: [{ port: 443 }], oidc };
  expect(requiredSecrets(settingsSchema.parse({ grafana }))).toEqual([
    { name: 'company-ca', settings: ['grafana.oidc.caSecret'], keys: ['ca.crt'] },
    {
      name: 'sso',
      settings: ['grafana.secret'],
      keys: ['GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET'],
    },
  ]);
});

const check = (existing: Record<string, string[]>, fresh = false) =>
  checkSecrets(
    [{ name: 'vendor', settings: ['collector.secret'], keys: ['token'] }],
    new Map(Object.entries(existing)),
    target,
    fresh,
  );

test('an existing Secret with every key is ok', () => {
  expect(check({ vendor: ['other', 'token'] })).toMatchObject({ status: 'ok', seen: 'vendor' });
});

test('a missing Secret comes with the setting that names it, and the command that creates it', () => {
  const { status, seen, todo } = check({});
  expect([status, seen]).toEqual(['failed', 'there is no vendor (collector.secret)']);
  expect(todo).toContain("create secret generic vendor '--from-literal=token=…'");
  expect(todo).not.toContain('create namespace');
  expect(check({}, true).todo).toContain('create namespace observability && kubectl');
});

test('a missing key is named', () => {
  expect(check({ vendor: ['other'] }).seen).toBe('vendor (collector.secret) lacks token');
});

test('the keys that data sources of the user refer to are required', () => {
  const { grafana, ...rest } = settingsSchema.parse({ grafana: { secret: 'datasources' } });
  const text =
    'datasources: [{ name: W, uid: w, type: x, secureJsonData: { password: $WAREHOUSE } }]';
  const datasources = { paths: ['w.yaml'], files: [{ path: 'w.yaml', text }] };
  expect(requiredSecrets({ ...rest, grafana: { ...grafana, datasources } })).toMatchObject([
    { name: 'datasources', keys: ['WAREHOUSE'] },
  ]);
});
