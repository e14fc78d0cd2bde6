import { parse } from 'yaml';
import { podTemplateOf } from '../../test/construct.ts';
import { configFile, findManifest, settingsOf, synth, workloads } from '../../test/synthesized.ts';
import type { SettingsInput } from '../schema.ts';

const url = 'http://proxy.example.com:3128';
const receivers = [{ name: 'team', webhook: { url: 'https://hooks.example.com/x' } }];
const input: SettingsInput = {
  clusterDomain: 'k8s.example',
  egressProxy: { url, noProxy: ['10.0.0.0/8', '.internal.example'], cidr: '203.0.113.7/32' },
  alertmanager: { receivers },
  backup: { schedule: '@daily', url: 's3://backups', secret: 'backup' },
};
const manifests = synth(input);
const variables = (env: { name: string; value?: string }[] = []) =>
  Object.fromEntries(
    env.filter(({ name }) => name.endsWith('_PROXY')).map(({ name, value }) => [name, value]),
  );
const envOf = (name: string) =>
  podTemplateOf(findManifest(manifests, 'StatefulSet', name)).container.env;
const job = findManifest(manifests, 'CronJob', 'backup-loki').spec.jobTemplate.spec.template;

test('components that leave the cluster have the variables, and no others', () => {
  const withProxy = workloads(manifests)
    .filter((each) => 'HTTPS_PROXY' in variables(podTemplateOf(each).container.env))
    .map(({ metadata }) => metadata.name);
  expect(withProxy).toEqual(['otel-collector', 'alertmanager', 'grafana']);
  expect(variables(envOf('grafana'))).toMatchObject({ HTTP_PROXY: url, HTTPS_PROXY: url });
  expect(variables(job.spec.containers[0].env)).toMatchObject({
    HTTPS_PROXY: url,
    NODE_USE_ENV_PROXY: '1',
  });
});

test.each([
  ...['prometheus', 'loki', 'tempo', 'alertmanager', 'otel-collector', 'localhost'],
  ...['.svc', '.k8s.example', '$(KUBERNETES_SERVICE_HOST)', '10.0.0.0/8', '.internal.example'],
])('%s is reached without it', (host) => {
  expect(variables(envOf('grafana')).NO_PROXY?.split(',')).toContain(host);
});

test('Alertmanager uses it, which is not its default', () => {
  const config = (objects = manifests) =>
    parse(configFile(objects, 'alertmanager-config', 'alertmanager.yaml')).global;
  expect(config()).toEqual({ http_config: { proxy_from_environment: true } });
  expect(config(synth())).toBeUndefined();
});

test('further stores of Prometheus are reached through it, unless they say otherwise', () => {
  const remoteWrite = [
    { url: 'https://one.example.com' },
    { url: 'https://two.example.com', proxy_url: 'http://other.example.com:1' },
  ];
  const objects = synth({ ...input, prometheus: { remoteWrite } });
  const config = parse(configFile(objects, 'prometheus-config', 'prometheus.yaml'));
  expect(config.remote_write).toEqual([
    { ...remoteWrite[0], proxy_from_environment: true },
    remoteWrite[1],
  ]);
  const { container } = podTemplateOf(findManifest(objects, 'StatefulSet', 'prometheus'));
  expect(variables(container.env)).toMatchObject({ HTTPS_PROXY: url });
  expect(JSON.stringify(findManifest(objects, 'NetworkPolicy', 'prometheus').spec)).toContain(
    '203.0.113.7/32',
  );
});

test('NetworkPolicies let the same pods out to it', () => {
  const rule = {
    to: [{ ipBlock: { cidr: '203.0.113.7/32' } }],
    ports: [{ port: 3128, protocol: 'TCP' }],
  };
  const text = ({ to, ports }: { to?: object; ports?: object }) => JSON.stringify({ to, ports });
  const allowed = manifests
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .filter(({ spec }) => (spec.egress ?? []).map(text).includes(text(rule)))
    .map(({ metadata }) => metadata.name);
  expect(allowed.sort()).toEqual(['alertmanager', 'backup', 'grafana', 'otel-collector']);
});

test('a receiver needs no further egress, unless it is e-mail', () => {
  const email = {
    name: 'mail',
    email: { to: 'a@example.com', from: 'b@example.com', smarthost: 'mail.example.com:25' },
  };
  expect(() =>
    settingsOf({ egressProxy: { url }, alertmanager: { receivers: [...receivers, email] } }),
  ).toThrow('the destinations of the receivers');
});

test.each([
  'https://proxy.example.com:3128',
  'http://proxy.example.com',
  'http://a:b@proxy:3128',
  'proxy:3128',
])('%s is refused', (wrong) => {
  expect(() => settingsOf({ egressProxy: { url: wrong } })).toThrow(
    'the URL of an HTTP proxy with its port and without credentials',
  );
});
