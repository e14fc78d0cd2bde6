import { parseSettings, type SettingsInput } from '../schema.ts';

const url = 'https://loki.example.com';
const loki = (external: object, more: object = {}): SettingsInput =>
  ({ loki: { external: { url, ...external }, ...more } }) as SettingsInput;

test('the collector writes below the URL of Loki, unless another one is given', () => {
  expect(parseSettings(loki({})).loki.external?.writeUrl).toBe(`${url}/otlp`);
  const writeUrl = 'https://otlp.example.com/otlp';
  expect(parseSettings(loki({ writeUrl })).loki.external?.writeUrl).toBe(writeUrl);
});

test.each<[string, SettingsInput, string]>([
  [
    'a retention beside it',
    loki({}, { retention: '30d' }),
    'loki.retention: got "30d", wanted no such setting beside loki.external, with which no loki is deployed',
  ],
  ['a size beside it', loki({}, { storage: '20Gi' }), 'loki.storage: got "20Gi", wanted no such'],
  ['arguments beside it', loki({}, { extraArgs: ['-x'] }), 'loki.extraArgs: got ["-x"]'],
  [
    'a Tempo without the URL of its receiver',
    { tempo: { external: { url } } },
    'tempo.external.writeUrl: got nothing, wanted the URL of its OTLP receiver',
  ],
  [
    'a login in the URL',
    loki({ url: 'https://user:word@loki.example.com' }),
    'without credentials',
  ],
  ['a port that there is not', loki({ url: 'http://loki.stores.svc:99999' }), 'loki.external.url'],
  ['port 0', loki({ url: 'http://loki.stores.svc:0' }), 'loki.external.url'],
  ['port 0 with a path', loki({ writeUrl: 'http://a.b:00/otlp' }), 'loki.external.writeUrl'],
  ['a broken IPv6 address', loki({ url: 'http://[::::1]:3100' }), 'loki.external.url: got'],
  ['a broken IPv4 address', loki({ writeUrl: 'http://1.2.3.999' }), 'loki.external.writeUrl'],
  ['a Service of the own namespace', loki({ url: 'http://loki:3100' }), 'loki.external.url: got'],
  [
    'a credential in a header',
    loki({ headers: { Authorization: 'Bearer abcdefgh' } }),
    'loki.external.headers.Authorization: got "(hidden)", wanted no credential in plain text',
  ],
  [
    'a user name without a password',
    loki({ credentials: { secret: 'store', usernameKey: 'user' } }),
    'either bearerTokenKey, or both usernameKey and passwordKey',
  ],
  ['a certificate of nowhere', loki({ ca: {} }), 'either configMap or secret'],
  [
    'a destination in two places',
    loki({ egress: [{ namespace: 'stores', cidr: '10.0.0.0/8', port: 1 }] }),
    'either namespace or cidr',
  ],
])('%s is refused', (_, settings, message) => {
  expect(() => parseSettings(settings)).toThrow(message);
});

const s3 = {
  schedule: '@daily',
  url: 's3://backups',
  secret: 's3',
  egress: [{ port: 443 }],
};

test('a scheduled backup of external stores only is refused', () => {
  const message = 'backup.stores: got ["loki"], wanted at least one store that is not external';
  const onlyLoki = { ...s3, stores: ['loki'] } satisfies SettingsInput['backup'];
  expect(() => parseSettings({ ...loki({}), backup: onlyLoki })).toThrow(message);
  expect(() => parseSettings({ backup: onlyLoki })).not.toThrow();
  expect(() => parseSettings({ ...loki({}), backup: s3 })).not.toThrow();
});

test('a setting with its default value, and rules, are no contradiction', () => {
  expect(() => parseSettings(loki({}, { retention: '7d' }))).not.toThrow();
});
