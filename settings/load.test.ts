import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SettingsError } from '../lib/settings/error.ts';
import { defaultSettings, hasCustomSettings, loadSettings } from './load.ts';
import { renamedSettings } from './renamed.ts';

/** A settings file with this text. */
function settingsFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'mantis-')), 'mantis.yaml');
  writeFileSync(file, text);
  return file;
}

/** The error message, with the file as mantis.yaml. */
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
])('a file with %j results in the defaults', (text) => {
  const file = settingsFile(text);
  expect(loadSettings({ file })).toEqual(defaultSettings());
  expect(hasCustomSettings({ file })).toBe(false);
});

test('an empty value in extraConfig stays null', () => {
  const file = settingsFile('collector:\n  extraConfig:\n    receivers:\n      nop:\n');
  expect(loadSettings({ file }).collector.extraConfig).toEqual({ receivers: { nop: null } });
});

test('the file takes precedence over defaults, and a variable over the file', () => {
  const file = settingsFile('namespace: from-file\nloki: { retention: 10d, storage: 20Gi }\n');
  const settings = loadSettings({ file, env: { MANTIS_LOKI_RETENTION: '20d' } });
  expect(settings.namespace).toBe('from-file');
  expect(settings.loki.storage.toGibibytes()).toBe(20);
  expect(settings.loki.retention.toDays()).toBe(20);
  expect(settings.tempo).toEqual(defaultSettings().tempo);
});

test('a variable may set a key that is not in the file', () => {
  const env = { MANTIS_KIND_HOST_PORTS_GRAFANA: '3300', MANTIS_TEST_APP_ENABLED: 'false' };
  const { kind, testApp } = loadSettings({ file: absent, env });
  expect(kind.hostPorts.grafana).toBe(3300);
  expect(testApp.enabled).toBe(false);
});

test('an empty variable counts as unset', () => {
  const env = { MANTIS_NAMESPACE: '' };
  expect(loadSettings({ file: absent, env })).toEqual(defaultSettings());
  expect(hasCustomSettings({ file: absent, env })).toBe(false);
});

test.each<[string, string, Record<string, string>]>([
  ['a file', 'namespace: mine\n', {}],
  ['a variable', '', { MANTIS_NAMESPACE: 'mine' }],
])('hasCustomSettings is true with %s', (_, text, env) => {
  expect(hasCustomSettings({ file: settingsFile(text), env })).toBe(true);
});

test('variables of tools are not settings', () => {
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
    'mantis.yaml: imageDigests.grafana/loki:1.0.0: no such image and tag; ./mantis images lists them',
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
    'a window shorter than four scrape intervals',
    'alerts: { window: 30s }',
    'mantis.yaml: alerts.window: got "30s", wanted at least 60s, which is four scrape intervals',
  ],
  [
    'no namespaces',
    'prometheus: { annotatedPods: { namespaces: [] } }',
    'mantis.yaml: prometheus.annotatedPods.namespaces: got [], wanted all, or a list of names of namespaces; annotatedPods.enabled: false for none',
  ],
  [
    'no limit of samples',
    'prometheus: { annotatedPods: { sampleLimit: 0 } }',
    'mantis.yaml: prometheus.annotatedPods.sampleLimit: got 0, wanted a whole number from 1',
  ],
  [
    'no limit of series',
    'tempo: { maxActiveSeries: 0 }',
    'mantis.yaml: tempo.maxActiveSeries: got 0, wanted a whole number from 1',
  ],
  ...['0.0.0.0/0', '::/0', '10.0.0.5', '10.0.0.0/33', 'example.com'].flatMap((block) =>
    ['collector: { allowedSenders', 'grafana: { allowedClients'].map(
      (setting): [string, string, string] => [
        `${block} as addresses`,
        `${setting}: { namespaces: [a], cidrs: ["${block}"] } }`,
        `mantis.yaml: ${setting.replace(': { ', '.')}.cidrs.0: got "${block}", wanted a CIDR block such as 10.0.0.0/16, 203.0.113.7/32 or 2001:db8::/32, but no /0, which admits every address`,
      ],
    ),
  ),
  [
    'nobody as client',
    'grafana: { allowedClients: { cidrs: [] } }',
    'mantis.yaml: grafana.allowedClients: got {"namespaces":[],"cidrs":[]}, wanted an object with namespaces (all, or a list of names), labels (of namespaces), cidrs (a list of CIDR blocks), or several of these',
  ],
  [
    'another text for senders',
    'collector: { allowedSenders: none }',
    'mantis.yaml: collector.allowedSenders: got "none", wanted all, or an object with namespaces (all, or a list of names), labels (of namespaces), cidrs (a list of CIDR blocks), or several of these',
  ],
  [
    'no label, which would select every namespace',
    'collector: { allowedSenders: { namespaces: [a], labels: {} } }',
    'mantis.yaml: collector.allowedSenders.labels: got {}, wanted at least one label; namespaces: all selects every namespace',
  ],
  [
    'no DNS',
    'dns: { pods: [], cidrs: [] }',
    'mantis.yaml: dns: got {"pods":[],"cidrs":[],"ports":[53]}, wanted pods, cidrs or both: without DNS no pod finds another',
  ],
  [
    'no port of DNS, which would be every port',
    'dns: { ports: [] }',
    'mantis.yaml: dns.ports: got [], wanted at least one port number',
  ],
  [
    'a name for the port of DNS',
    'dns: { ports: [dns] }',
    'mantis.yaml: dns.ports.0: got "dns", wanted a port number from 1 to 65535',
  ],
  [
    'an address for DNS',
    'dns: { cidrs: [169.254.20.10] }',
    'mantis.yaml: dns.cidrs.0: got "169.254.20.10", wanted a CIDR block such as 203.0.113.0/24',
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

test.each(renamedSettings)('%s is refused with its present name, %s', (path, present) => {
  // A rule of a list has to be of a signal that has the key.
  const list = path.startsWith('collector.drop.');
  const keys = (list ? path.replace('collector.drop.', '') : path).split('.');
  const section = keys.reduceRight<unknown>((below, key) => ({ [key]: below }), 'x');
  const text = list
    ? { collector: { drop: [{ signal: 'logs', ...(section as object) }] } }
    : section;
  const written = list ? path.replace('drop', 'drop.0') : path;
  expect(message(JSON.stringify(text))).toContain(`mantis.yaml: ${written}: renamed to ${present}`);
});

test('a renamed variable is refused with its present name', () => {
  expect(message('', { MANTIS_ALERTS_STACK_FOR: '1m' })).toBe(
    'MANTIS_ALERTS_STACK_FOR: renamed to MANTIS_ALERTS_STACK_PENDING',
  );
});

test('all mistakes are reported at once', () => {
  const lines = message('namespace: Mine\nloki: { storage: big }\n', { MANTIS_TEMPO_CPU: 'much' });
  expect(lines.split('\n').map((line) => line.split(':')[0])).toEqual([
    'mantis.yaml',
    'mantis.yaml',
    'MANTIS_TEMPO_CPU (tempo.cpu)',
  ]);
});
