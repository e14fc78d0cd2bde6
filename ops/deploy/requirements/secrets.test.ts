import { settingsSchema } from '../../../lib/schema.ts';
import { checkSecrets, wantedSecrets } from './secrets.ts';

const pod = (spec: object) => ({ kind: 'Deployment', spec: { template: { spec } } });
const target = { context: 'prod', namespace: 'observability' };
const none = settingsSchema.parse({});
const settings = settingsSchema.parse({ collector: { secret: 'vendor' } });

test.each([
  ['to pull with', { imagePullSecrets: [{ name: 'a' }], containers: [] }, []],
  ['as variables', { containers: [{ envFrom: [{ secretRef: { name: 'a' } }] }] }, []],
  [
    'as one variable',
    { containers: [{ env: [{ valueFrom: { secretKeyRef: { name: 'a', key: 'k' } } }] }] },
    ['k'],
  ],
  [
    'of an init container',
    {
      containers: [],
      initContainers: [{ env: [{ valueFrom: { secretKeyRef: { name: 'a', key: 'k' } } }] }],
    },
    ['k'],
  ],
  [
    'as files',
    { containers: [], volumes: [{ secret: { secretName: 'a', items: [{ key: 'k' }] } }] },
    ['k'],
  ],
  [
    'among other files',
    { containers: [], volumes: [{ projected: { sources: [{ secret: { name: 'a' } }, {}] } }] },
    [],
  ],
])('a Secret that pods use %s is wanted', (_how, spec, keys) => {
  expect(wantedSecrets([pod(spec)], none)).toEqual([{ name: 'a', keys }]);
});

test('what is optional, or made by deploy, is not', () => {
  const optional = { name: 'a', key: 'k', optional: true };
  const own = { name: 'grafana-admin', key: 'admin-user' };
  const env = [optional, own].map((secretKeyRef) => ({ valueFrom: { secretKeyRef } }));
  expect(wantedSecrets([pod({ containers: [{ env }] }), { kind: 'Service' }], none)).toEqual([]);
});

test('keys that only a configuration names are wanted as well', () => {
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
  expect(wantedSecrets([], named)).toEqual([
    { name: 'alerting', keys: ['slack-url', 'routing'] },
    { name: 'vendor', keys: ['SALT'] },
  ]);
});

const check = (there: Record<string, string[]>, fresh = false) =>
  checkSecrets(
    [{ name: 'vendor', keys: ['token'] }],
    new Map(Object.entries(there)),
    settings,
    target,
    fresh,
  );

test('one that is there with its keys is enough', () => {
  expect(check({ vendor: ['other', 'token'] })).toMatchObject({ status: 'ok', seen: 'vendor' });
});

test('one that is not there is named with the setting, and the command that makes it', () => {
  const { status, seen, todo } = check({});
  expect([status, seen]).toEqual(['failed', 'there is no vendor (collector.secret)']);
  expect(todo).toContain("create secret generic vendor '--from-literal=token=…'");
  expect(todo).not.toContain('create namespace');
  expect(check({}, true).todo).toContain('create namespace observability && kubectl');
});

test('one without a key that pods name is named with that key', () => {
  expect(check({ vendor: ['other'] }).seen).toBe('vendor (collector.secret) lacks token');
});
