import { App } from 'cdk8s';
import { Mantis } from '../charts/mantis.ts';
import { synth } from '../test/synthesized.ts';
import { type Manifest, mistakesIn } from './index.ts';

const deployment = (container: object, spec: object = {}): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart' },
  spec: { template: { spec: { ...spec, containers: [{ name: 'cart', ...container }] } } },
});

const configMap = (name: string, file: string, text: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { [file]: text },
});

test.each([
  ['the defaults', {}],
  ['everything', { clusterView: { enabled: true }, clusterName: 'a' }],
])('%s of Mantis pass', (_, settings) => {
  expect(mistakesIn(synth(settings))).toEqual([]);
});

test('the output of an App is checked', () => {
  const app = new App();
  new Mantis(app, 'observability', {
    rules: [{ name: 'a', rules: [{ alert: 'A', expr: 'cart_items > 5' }] }],
  });
  const where = 'ConfigMap prometheus-rules-a: own-a.yaml: A';
  expect(mistakesIn(app)).toEqual([`${where}: nobody declares the metric cart_items`]);
  expect(mistakesIn(app, { metrics: ['cart_items'] })).toEqual([]);
});

test('a pod that is not restricted is reported', () => {
  expect(mistakesIn([deployment({}, { hostNetwork: true, volumes: [{ hostPath: {} }] })])).toEqual([
    'Deployment cart: hostNetwork is true, wanted false',
    'Deployment cart: has a hostPath volume',
    ...[
      'runAsNonRoot: true',
      'runAsUser: a number above 0',
      'seccompProfile: RuntimeDefault or Localhost',
      'allowPrivilegeEscalation: false',
      'readOnlyRootFilesystem: true',
      'capabilities.drop: [ALL]',
    ].map((wanted) => `Deployment cart: container cart: wanted ${wanted}`),
  ]);
});

test('secrets are reported', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login' } };
  const env = [
    { name: 'DB_PASSWORD', value: 'abc' },
    { name: 'DB_PASSWORD_FILE', value: '/etc/db/password' },
  ];
  const [kind, ...rest] = mistakesIn([secret]);
  expect([kind, rest]).toEqual(['Secret login: wanted no Secret, but a reference to one', []]);
  expect(mistakesIn([deployment({ env })])).toContain(
    'Deployment cart: variable DB_PASSWORD has a value',
  );
  expect(mistakesIn([configMap('cart', 'cart.ini', 'url = x\napi_key = abc')])).toEqual([
    'ConfigMap cart: cart.ini:2 holds a secret',
  ]);
});

test('queries of dashboards and rules are parsed', () => {
  const expr = 'sum(rate(x[5m])';
  const rules = configMap(
    'prometheus-rules-x',
    'x.yaml',
    `groups: [{rules: [{record: a, expr: "${expr}"}]}]`,
  );
  const panels = [
    { title: 'X', datasource: { type: 'prometheus' }, targets: [{ refId: 'B', expr }] },
  ];
  const dashboard = configMap('grafana-dashboard-own-x', 'x.json', JSON.stringify({ panels }));
  expect(mistakesIn([rules, dashboard], { metrics: ['x'] })).toEqual([
    `ConfigMap prometheus-rules-x: x.yaml: a: not PromQL after: ${expr}`,
    `ConfigMap grafana-dashboard-own-x: x.json: panel X: query B: not PromQL after: ${expr}`,
  ]);
});
