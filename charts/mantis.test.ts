import { ApiObject, type App, Chart, Duration, Testing } from 'cdk8s';
import { loadSettings } from '../settings/load.ts';
import { configFile, findManifest, settingsOf, synthFiles } from '../test/synthesized.ts';
import { type Manifest, manifestsOf } from '../testing/manifest.ts';
import { Mantis, type MantisProps } from './mantis.ts';
import { TestApp } from './test-app.ts';

function output(props: MantisProps = {}) {
  const app = Testing.app();
  const mantis = new Mantis(app, 'observability', props);
  return { app, mantis, manifests: manifestsOf(app) };
}

const namesOf = (manifests: readonly Manifest[]) => manifests.map(({ metadata }) => metadata.name);
const chartNames = (app: App) => app.charts.map(({ node }) => node.id);

test('its charts have the names of the files in dist/', () => {
  const { app, mantis } = output({ settings: { clusterView: { enabled: true } } });
  const files = synthFiles({ clusterView: { enabled: true }, testApp: { enabled: false } });
  expect(new Set(chartNames(app).map((name) => `${name}.k8s.yaml`))).toEqual(
    new Set(Object.keys(files)),
  );
  expect(mantis.charts).toEqual(app.charts);
});

test('the test app is not part of it, but can be added', () => {
  const { app, manifests } = output();
  expect(namesOf(manifests)).not.toContain('shop');
  const mantis = new Mantis(app, 'other', {
    settings: { namespace: 'other', testApp: { enabled: true } },
  });
  new TestApp(app, 'test-app', { mantis });
  expect(namesOf(manifestsOf(app))).toContain('shop');
});

test('the test app is refused where the stack has no policies for it', () => {
  const { app, mantis } = output();
  expect(() => new TestApp(app, 'test-app', { mantis })).toThrow(
    'test-app: testApp.enabled: got false, wanted true in the settings of observability',
  );
});

test('a second stack in an App has charts and namespace of its own', () => {
  const { app } = output();
  const second = new Mantis(app, 'second', { settings: { namespace: 'second' } });
  expect(second.charts[0]?.node.id).toBe('second-0000-namespace');
  const names = manifestsOf(app).map(
    ({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`,
  );
  expect(new Set(names).size).toBe(names.length);
});

test('each of two stacks can have the test app', () => {
  const settings = { testApp: { enabled: true } };
  const { app, mantis } = output({ settings });
  const second = new Mantis(app, 'second', { settings: { ...settings, namespace: 'second' } });
  new TestApp(app, 'test-app', { mantis });
  new TestApp(app, 'second-test-app', { mantis: second });
  const shops = manifestsOf(app).filter(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'shop',
  );
  expect(shops.map(({ metadata }) => metadata.namespace)).toEqual(['observability', 'second']);
});

test('its members are addresses in every namespace of the cluster', () => {
  const { mantis } = output({ settings: { namespace: 'telemetry', clusterDomain: 'k8s.example' } });
  const host = (name: string) => `${name}.telemetry.svc.k8s.example`;
  expect(mantis.otlpEndpoint).toBe(`http://${host('otel-collector')}:4318`);
  expect(mantis.otlpGrpcEndpoint).toBe(`${host('otel-collector')}:4317`);
  expect(mantis.prometheus.remoteWriteUrl).toBe(`http://${host('prometheus')}:9090/api/v1/write`);
  expect(mantis.loki.otlpEndpoint).toBe(`http://${host('loki')}:3100/otlp`);
  expect(mantis.tempo.otlpEndpoint).toBe(`${host('tempo')}:4317`);
});

test('settings that loadSettings() has read are taken as they are', () => {
  const { mantis } = output({ settings: loadSettings({ file: 'missing.yaml' }) });
  expect(mantis.settings).toEqual(settingsOf());
  expect(mantis.settings.testApp.enabled).toBe(true);
});

test.each([
  [
    { loki: { retention: '5 days' } },
    'settings: loki.retention: got "5 days", wanted whole hours or',
  ],
  [{ loki: { retentoin: '5d' } } as object, 'settings: loki.retentoin: no such key'],
  [{ prometheus: { rules: ['rules'] } }, 'settings: prometheus.rules: wanted no files'],
])('settings %j are refused', (settings, message) => {
  expect(() => output({ settings })).toThrow(message);
});

const checkout = {
  name: 'checkout',
  interval: '1m',
  rules: [{ alert: 'CheckoutSlow', expr: 'checkout_seconds > 2', for: Duration.minutes(10) }],
};
const board = { uid: 'checkout', title: 'Checkout', panels: [] as object[] };

test('rules and dashboards in code are files of their own', () => {
  const { manifests } = output({
    rules: [checkout],
    lokiRules: [
      { name: 'errors', rules: [{ alert: 'E', expr: 'count_over_time({a="b"}[5m]) > 1' }] },
    ],
    dashboards: [board],
  });
  expect(configFile(manifests, 'prometheus-rules-checkout', 'own-checkout.yaml')).toBe(
    'groups:\n  - name: checkout\n    interval: 1m\n    rules:\n      - alert: CheckoutSlow\n        expr: checkout_seconds > 2\n        for: 10m\n',
  );
  expect(findManifest(manifests, 'ConfigMap', 'loki-rules-errors').data).toHaveProperty([
    'own-errors.yaml',
  ]);
  const text = configFile(manifests, 'grafana-dashboard-own-checkout', 'checkout.json');
  expect(JSON.parse(text)).toEqual(board);
});

const panel = (expr: string) => ({
  title: 'P90',
  datasource: { type: 'prometheus', uid: 'prometheus' },
  targets: [{ refId: 'B', expr }],
});

test.each([
  [
    { rules: [{ ...checkout, rules: [{ alert: 'A', expr: 'up ==' }] }] },
    'rules: group checkout: rules.0.expr: character 6: A: not PromQL after: up ==',
  ],
  [
    { rules: [{ ...checkout, rules: [{ alert: 'A', expr: 'up', for: '5 m' }] }] },
    'rules: group checkout: rules.0.for: got "5 m", wanted a duration',
  ],
  [
    { rules: [checkout, checkout] },
    'rules: group checkout: name: group checkout: wanted another name',
  ],
  [{ rules: [{ ...checkout, name: 'slo' }] }, 'because Mantis itself has a group of this name'],
  [
    { lokiRules: [{ ...checkout, rules: [{ alert: 'A', expr: '{a="b"}' }] }] },
    'lokiRules: group checkout: rules.0.expr: character 1: A: wanted a metric query',
  ],
  [
    { dashboards: [{ ...board, panels: [{ type: 'row', panels: [panel('sum(a')] }] }] },
    'dashboards: Checkout: panel P90: query B: not PromQL after: sum(a',
  ],
  [{ dashboards: [{ title: 'Checkout' }] }, 'dashboards: Checkout: uid: got nothing, wanted a uid'],
  [{ dashboards: [board, board] }, 'uid: got "checkout", wanted another one'],
])('a mistake in code is reported with its place: %#', (props: MantisProps, message) => {
  expect(() => output(props)).toThrow(message);
});

test('every object is in a chart, so that nothing of it is lost', () => {
  const { app } = output();
  for (const each of app.node.findAll().filter(ApiObject.isApiObject)) {
    expect(app.charts).toContain(Chart.of(each));
  }
});
