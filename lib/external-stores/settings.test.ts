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

test('a setting with its default value, and rules, are no contradiction', () => {
  expect(() => parseSettings(loki({}, { retention: '7d' }))).not.toThrow();
});
