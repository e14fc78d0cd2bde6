import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { logAlerts, lokiRuleFiles, metricAlerts, prometheusRuleFiles } from '../alerts/index.ts';
import { synthesize } from '../charts/synth.ts';
import { dashboardsOf } from '../dashboards/index.ts';
import { panelsOf } from '../dashboards/panels/panel-queries.ts';
import type { SettingsInput } from '../lib/schema.ts';
import { checkConfigMaps, requiredConfigMaps } from '../ops/deploy/requirements/config-maps.ts';
import { requiredSecrets } from '../ops/deploy/requirements/secrets.ts';
import { configFile, findManifest, settingsOf, synth } from './synthesized.ts';

interface Rule {
  readonly alert?: string;
  readonly annotations?: { readonly dashboard_url: string };
}

const custom: SettingsInput = {
  loki: {
    external: {
      url: 'http://loki.stores.svc:3100',
      credentials: { secret: 'logs', bearerTokenKey: 'token' },
      headers: { 'X-Scope-OrgID': 'team-$1' },
      allowedWriters: { namespaces: ['stores'] },
    },
  },
  tempo: {
    external: {
      url: 'https://tempo.example.com/tempo',
      writeUrl: 'https://otlp.example.com:4318',
      credentials: { secret: 'traces', usernameKey: 'user', passwordKey: 'password' },
      ca: { configMap: 'company', key: 'ca.pem' },
    },
  },
  clusterView: { enabled: true },
  backup: { schedule: '@daily', url: 's3://backups', secret: 's3', egress: [{ port: 443 }] },
};
const settings = settingsOf(custom);
const manifests = synth(custom);
const text = (name: string, file: string) => configFile(manifests, name, file);
const collector = parse(text('otel-collector-config', 'collector.yaml'));
const policy = (name: string) => findManifest(manifests, 'NetworkPolicy', name).spec;

test('no object of an external store is left', () => {
  const names = manifests.map(({ metadata }) => metadata.name);
  expect(names.filter((name) => /^(loki|tempo)|backup-(loki|tempo)/.test(name))).toEqual([]);
  const config = parse(text('prometheus-config', 'prometheus.yaml'));
  const jobs = config.scrape_configs.map(({ job_name }: { job_name: string }) => job_name);
  expect(jobs).toContain('grafana');
  expect(jobs).not.toContain('loki');
  expect(jobs).not.toContain('tempo');
});

test('the collector sends to them, with credentials of files', () => {
  expect(collector.exporters['otlp_http/loki']).toMatchObject({
    endpoint: 'http://loki.stores.svc:3100/otlp',
    headers: { 'X-Scope-OrgID': 'team-$$1' },
    auth: { authenticator: 'bearertokenauth/loki' },
  });
  expect(collector.exporters['otlp_http/tempo']).toMatchObject({
    endpoint: 'https://otlp.example.com:4318',
    tls: { ca_file: '/etc/configmaps/company/ca.pem' },
    auth: { authenticator: 'basicauth/tempo' },
  });
  expect(collector.exporters).not.toHaveProperty('otlp_grpc/tempo');
  expect(collector.service.pipelines.traces.exporters).toEqual(['otlp_http/tempo']);
  expect(collector.extensions['bearertokenauth/loki']).toMatchObject({
    filename: '/etc/secrets/logs/token',
    wait_for_token_file: true,
    retry_on_failure: { enabled: true },
  });
  expect(collector.extensions['basicauth/tempo'].client_auth).toEqual({
    username_file: '/etc/secrets/traces/user',
    password_file: '/etc/secrets/traces/password',
  });
  expect(collector.service.extensions).toEqual(
    expect.arrayContaining(['bearertokenauth/loki', 'basicauth/tempo']),
  );
});

const container = (name: string) =>
  findManifest(manifests, 'StatefulSet', name).spec.template.spec.containers[0];

test.each([
  ['otel-collector', ['/etc/secrets/logs', '/etc/secrets/traces', '/etc/configmaps/company']],
  ['grafana', ['/etc/configmaps/company']],
])('%s mounts what it reads', (name, wanted) => {
  const paths = container(name).volumeMounts.map(
    ({ mountPath }: { mountPath: string }) => mountPath,
  );
  expect(paths).toEqual(expect.arrayContaining(wanted));
});

test('data sources keep their uids, and have the credentials', () => {
  const { datasources } = parse(text('grafana-datasources', 'mantis.yaml'));
  const datasource = (uid: string) => datasources.find((each: { uid: string }) => each.uid === uid);
  expect(datasource('loki')).toMatchObject({
    url: 'http://loki.stores.svc:3100',
    jsonData: { httpHeaderName1: 'X-Scope-OrgID', httpHeaderName2: 'Authorization' },
    secureJsonData: {
      httpHeaderValue1: 'team-$$1',
      httpHeaderValue2: 'Bearer $MANTIS_LOKI_TOKEN',
    },
  });
  expect(datasource('tempo')).toMatchObject({
    basicAuth: true,
    basicAuthUser: '$MANTIS_TEMPO_USERNAME',
    jsonData: { tlsAuthWithCACert: true, streamingEnabled: { search: false } },
    secureJsonData: {
      basicAuthPassword: '$MANTIS_TEMPO_PASSWORD',
      tlsCACert: '$__file{/etc/configmaps/company/ca.pem}',
    },
  });
});

test('Grafana has the credentials in variables of the Secrets', () => {
  const { env } = container('grafana');
  const of = (name: string, key: string) => ({ valueFrom: { secretKeyRef: { name, key } } });
  expect(env).toContainEqual({ name: 'MANTIS_LOKI_TOKEN', ...of('logs', 'token') });
  expect(env).toContainEqual({ name: 'MANTIS_TEMPO_USERNAME', ...of('traces', 'user') });
  expect(env).toContainEqual({ name: 'MANTIS_TEMPO_PASSWORD', ...of('traces', 'password') });
});

const anywhere = [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }];
const stores = [
  { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'stores' } } },
];
const asText = (value: unknown) => JSON.stringify(value);
const tcp = (port: number) => [{ protocol: 'TCP', port }];

test('policies open the way of the collector and of Grafana to them, and nothing else', () => {
  const without = synth({ ...custom, loki: {}, tempo: {} });
  const added = (name: string) => {
    const before = findManifest(without, 'NetworkPolicy', name).spec.egress.map(asText);
    return policy(name).egress.filter((rule: object) => !before.includes(asText(rule)));
  };
  expect(added('otel-collector')).toEqual([
    { to: stores, ports: tcp(3100) },
    { to: anywhere, ports: tcp(4318) },
  ]);
  expect(added('grafana')).toEqual([
    { to: stores, ports: tcp(3100) },
    { to: anywhere, ports: tcp(443) },
  ]);
  expect(added('prometheus')).toEqual([]);
  expect(JSON.stringify(manifests.filter(({ kind }) => kind === 'NetworkPolicy'))).not.toMatch(
    /"app.kubernetes.io\/name":"(loki|tempo)"/,
  );
});

test.each([
  ['prometheus', 9090],
  ['alertmanager', 9093],
])('the ruler of an external Loki may write to %s where the settings allow it', (name, port) => {
  expect(policy(name).ingress).toContainEqual({ from: stores, ports: tcp(port) });
  const { external } = custom.loki ?? {};
  const denied = synth({
    ...custom,
    loki: { external: external && { ...external, allowedWriters: undefined } },
  });
  expect(JSON.stringify(findManifest(denied, 'NetworkPolicy', name).spec.ingress)).not.toContain(
    '"stores"',
  );
});

test('no rule and no dashboard of the stack is about their metrics', () => {
  const { data } = findManifest(manifests, 'ConfigMap', 'prometheus-rules');
  const stack = text('grafana-dashboard-mantis-stack', 'mantis-stack.json');
  for (const each of [...Object.values(data as Record<string, string>), stack]) {
    expect(each).not.toMatch(/\b(loki_|tempo_|tempodb_)/);
  }
  const titles = JSON.parse(stack).panels.map(({ title }: { title: string }) => title);
  expect(titles).toContain('Prometheus');
  expect(titles).not.toContain('Loki');
  expect(titles).not.toContain('Tempo');
});

/** Some 1.5 kB of attributes a line, which Loki counts, and lines of 6 kB are less than 4 MiB. */
test('requests are small enough for stores with default limits', () => {
  for (const name of ['otlp_http/loki', 'otlp_http/tempo']) {
    const { batch } = collector.exporters[name].sending_queue;
    expect(batch).toMatchObject({ sizer: 'items' });
    expect(batch.max_size * 7500).toBeLessThan(4 * 1024 * 1024);
  }
});

test('notifications link to panels that exist, with their titles', () => {
  const panels = new Map(
    dashboardsOf(settings).map((each) => [
      each.uid,
      new Map(panelsOf(each).map(({ id, title }) => [id, title])),
    ]),
  );
  const files = { ...prometheusRuleFiles(settings).files, ...lokiRuleFiles(settings).files };
  const urls = new Map(
    Object.values(files)
      .flatMap((file): { rules: Rule[] }[] => parse(file).groups)
      .flatMap(({ rules }) => rules)
      .flatMap(({ alert, annotations }) =>
        alert === undefined ? [] : [[alert, annotations?.dashboard_url ?? ''] as const],
      ),
  );
  const links = [...metricAlerts(settings), ...logAlerts(settings)].flatMap(({ alert, panel }) => {
    const url = urls.get(alert) ?? '';
    const [, uid = ''] = /\/d\/([\w-]+)/.exec(url) ?? [];
    const titles = typeof panel === 'string' ? [panel] : Object.values(panel);
    return [...url.matchAll(/viewPanel=panel-(\d+)/g)].map(([, id]) => ({
      alert,
      title: panels.get(uid)?.get(Number(id)),
      titles,
    }));
  });
  expect(links.length).toBeGreaterThanOrEqual(urls.size);
  for (const { title, titles } of links) expect(titles).toContain(title);
});

test('its rules are files for the ruler of an external Loki', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'mantis-'));
  synthesize(settings, outdir);
  const file = readFileSync(join(outdir, 'rules/loki/logs.yaml'), 'utf8');
  for (const { alert } of logAlerts(settings)) expect(file).toContain(`alert: ${alert}`);
  const own = join(outdir, 'rules/own.yaml');
  writeFileSync(own, '');
  synthesize(settingsOf(), outdir);
  expect(existsSync(join(outdir, 'rules/loki'))).toBe(false);
  expect(existsSync(own)).toBe(true);
});

test('deploy requires their Secrets with the keys, and their ConfigMaps', () => {
  expect(requiredSecrets(settings)).toEqual(
    expect.arrayContaining([
      { name: 'logs', settings: ['loki.external'], keys: ['token'] },
      { name: 'traces', settings: ['tempo.external'], keys: ['user', 'password'] },
    ]),
  );
  const target = { context: 'c', namespace: 'observability' };
  const { status, seen } = checkConfigMaps(requiredConfigMaps(settings), [], target, false);
  expect({ status, seen }).toMatchObject({
    status: 'failed',
    seen: expect.stringContaining('company (tempo.external.ca)'),
  });
});
