import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SettingsError } from '../lib/settings/error.ts';
import { customized, defaultSettings, loadSettings } from './load.ts';

/** A settings file with this text. */
function settingsFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'mantis-')), 'mantis.yaml');
  writeFileSync(file, text);
  return file;
}

/** What a user is told, with the file by its last name. */
function message(text: string, env: Record<string, string> = {}): string {
  const file = settingsFile(text);
  try {
    loadSettings({ file, env });
  } catch (error) {
    return (error as SettingsError).message.replaceAll(file, 'mantis.yaml');
  }
  return 'accepted';
}

const absent = 'no/such/mantis.yaml';

test('without a file and variables, settings are the defaults', () => {
  expect(loadSettings({ file: absent })).toEqual(defaultSettings());
});

test.each([
  '',
  '# nothing yet\n',
  '---\n',
  'loki:\n  # retention: 10d\nkind:\n  hostPorts:\n    # grafana: 0\n',
])('a file with %j means the defaults', (text) => {
  const file = settingsFile(text);
  expect(loadSettings({ file })).toEqual(defaultSettings());
  expect(customized({ file })).toBe(false);
});

test('nothing below a key of a component keeps the meaning that it has there', () => {
  const file = settingsFile('collector:\n  extraConfig:\n    receivers:\n      nop:\n');
  expect(loadSettings({ file }).collector.extraConfig).toEqual({ receivers: { nop: null } });
});

test('the file wins over defaults, and a variable over the file', () => {
  const file = settingsFile('namespace: from-file\nloki: { retention: 10d, storage: 20Gi }\n');
  const settings = loadSettings({ file, env: { MANTIS_LOKI_RETENTION: '20d' } });
  expect(settings.namespace).toBe('from-file');
  expect(settings.loki.storage.toGibibytes()).toBe(20);
  expect(settings.loki.retention.toDays()).toBe(20);
  expect(settings.tempo).toEqual(defaultSettings().tempo);
});

test('a variable may set what the file does not even mention', () => {
  const env = { MANTIS_KIND_HOST_PORTS_GRAFANA: '3300', MANTIS_TEST_APP_ENABLED: 'false' };
  const { kind, testApp } = loadSettings({ file: absent, env });
  expect(kind.hostPorts.grafana).toBe(3300);
  expect(testApp.enabled).toBe(false);
});

test('a variable that is set to nothing counts as not set', () => {
  const env = { MANTIS_NAMESPACE: '' };
  expect(loadSettings({ file: absent, env })).toEqual(defaultSettings());
  expect(customized({ file: absent, env })).toBe(false);
});

test.each<[string, string, Record<string, string>]>([
  ['a file', 'namespace: mine\n', {}],
  ['a variable', '', { MANTIS_NAMESPACE: 'mine' }],
])('%s makes settings customized', (_, text, env) => {
  expect(customized({ file: settingsFile(text), env })).toBe(true);
});

test('variables of the tools are no settings', () => {
  const env = { MANTIS_BIN: '/opt/bin', PATH: '/bin' };
  expect(loadSettings({ file: absent, env })).toEqual(defaultSettings());
});

test.each([
  [
    'a wrong unit',
    'loki: { storage: 10G }',
    'mantis.yaml: loki.storage: got "10G", wanted a size in Mi, Gi or Ti, such as 512Mi or 10Gi',
  ],
  [
    'a number without a unit',
    'tempo: { retention: 48 }',
    'mantis.yaml: tempo.retention: got 48, wanted whole hours or days, at least 24h, such as 48h or 15d',
  ],
  ['an unknown key', 'lokki: {}', 'mantis.yaml: lokki: no such setting'],
  [
    'a digest of another release',
    'imageDigests: { grafana/loki:1.0.0: sha256:00 }',
    'mantis.yaml: imageDigests.grafana/loki:1.0.0: no image of this release; ./mantis images lists them',
  ],
  ['an unknown key below', 'loki: { retain: 7d }', 'mantis.yaml: loki.retain: no such setting'],
  ['a component that is no map', 'loki: 7d', 'mantis.yaml: loki: got "7d", wanted object'],
  [
    'an element of a list',
    'collector: { egress: [{ port: 0 }] }',
    'mantis.yaml: collector.egress.0.port: got 0, wanted a port number',
  ],
  [
    'an upper-case namespace',
    'namespace: Mine',
    'mantis.yaml: namespace: got "Mine", wanted a DNS label: lower-case letters, digits and -, at most 63',
  ],
  [
    'more memory requested than allowed',
    'loki: { memory: 2Gi, memoryLimit: 512Mi }',
    'mantis.yaml: loki.memory: got "2Gi", wanted at most memoryLimit, which is 512Mi',
  ],
  [
    'a volume too small for a queue',
    'collector: { storage: 8Mi }',
    'mantis.yaml: collector.storage: got "8Mi", wanted at least 16Mi',
  ],
  [
    'a window shorter than four scrapes',
    'alerts: { window: 30s }',
    'mantis.yaml: alerts.window: got "30s", wanted at least 60s, which is four scrapes',
  ],
  ['a list for a file', '- namespace', 'mantis.yaml: must be a map of settings'],
])('%s is refused by key, value got and value wanted', (_, text, expected) => {
  expect(message(text)).toBe(expected);
});

test('malformed YAML is refused by file and line', () => {
  expect(message('namespace: [mine\nloki: {}\n')).toMatch(/^mantis\.yaml: .* at line 2/);
});

test.each([
  ['MANTIS_LOKI_STORAGE', '10G', 'a size in Mi, Gi or Ti, such as 512Mi or 10Gi', 'loki.storage'],
  ['MANTIS_KIND_HOST_PORTS_SHOP', 'http', 'a port number from 0 to 65535', 'kind.hostPorts.shop'],
  ['MANTIS_KIND_HOST_PORTS_SHOP', '70000', 'a port number from 0 to 65535', 'kind.hostPorts.shop'],
  ['MANTIS_NETWORK_POLICIES', 'no', 'true or false', 'networkPolicies'],
])('%s=%s is refused by variable and key', (name, value, wanted, key) => {
  const got = value === '70000' ? value : `"${value}"`;
  expect(message('', { [name]: value })).toBe(`${name} (${key}): got ${got}, wanted ${wanted}`);
});

test('an unknown variable is refused, not ignored', () => {
  expect(message('', { MANTIS_LOKI_RETAIN: '7d' })).toBe(
    'MANTIS_LOKI_RETAIN: no such setting; .env.example lists every variable that can be set',
  );
});

test('every mistake is told at once', () => {
  const told = message('namespace: Mine\nloki: { storage: big }\n', { MANTIS_TEMPO_CPU: 'much' });
  expect(told.split('\n').map((line) => line.split(':')[0])).toEqual([
    'mantis.yaml',
    'mantis.yaml',
    'MANTIS_TEMPO_CPU (tempo.cpu)',
  ]);
});
