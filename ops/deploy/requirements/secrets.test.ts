import { settingsSchema } from '../../../lib/schema.ts';
import { checkSecrets, requiredSecrets } from './secrets.ts';

const pod = (spec: object) => ({ kind: 'Deployment', spec: { template: { spec } } });
const target = { context: 'prod', namespace: 'observability' };
const none = settingsSchema.parse({});
const settings = settingsSchema.parse({ collector: { secret: 'vendor' } });

test.each([
  ['for pulling images', { imagePullSecrets: [{ name: 'a' }], containers: [] }, []],
  ['as environment', { containers: [{ envFrom: [{ secretRef: { name: 'a' } }] }] }, []],
  [
    'as one environment variable',
    { containers: [{ env: [{ valueFrom: { secretKeyRef: { name: 'a', key: 'k' } } }] }] },
    ['k'],
  ],
  [
    'in an init container',
    {
      containers: [],
      initContainers: [{ env: [{ valueFrom: { secretKeyRef: { name: 'a', key: 'k' } } }] }],
    },
    ['k'],
  ],
  [
    'as a volume',
    { containers: [], volumes: [{ secret: { secretName: 'a', items: [{ key: 'k' }] } }] },
    ['k'],
  ],
  [
    'in a projected volume',
    { containers: [], volumes: [{ projected: { sources: [{ secret: { name: 'a' } }, {}] } }] },
    [],
  ],
])('a Secret that pods use %s is required', (_how, spec, keys) => {
  expect(requiredSecrets([pod(spec)], none)).toEqual([{ name: 'a', keys }]);
});

test('a label of that name is no reference', () => {
  expect(requiredSecrets([pod({ nodeSelector: { secret: 'a' } })], none)).toEqual([]);
});

test('an optional Secret, or one that deploy creates, is not required', () => {
  const optional = { name: 'a', key: 'k', optional: true };
  const own = { name: 'grafana-admin', key: 'admin-user' };
  const env = [optional, own].map((secretKeyRef) => ({ valueFrom: { secretKeyRef } }));
  expect(requiredSecrets([pod({ containers: [{ env }] }), { kind: 'Service' }], none)).toEqual([]);
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
  expect(requiredSecrets([], named)).toEqual([
    { name: 'alerting', keys: ['slack-url', 'routing'] },
    { name: 'vendor', keys: ['SALT'] },
  ]);
});

const check = (existing: Record<string, string[]>, fresh = false) =>
  checkSecrets(
    [{ name: 'vendor', keys: ['token'] }],
    new Map(Object.entries(existing)),
    settings,
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
  expect(requiredSecrets([], { ...rest, grafana: { ...grafana, datasources } })).toEqual([
    { name: 'datasources', keys: ['WAREHOUSE'] },
  ]);
});
