import { podOf, synthConstruct } from '../../test/construct.ts';
import { find, settingsOf, workloads } from '../../test/synthesized.ts';
import { images } from '../model/images.ts';
import { type TestAppComponent, testAppComponents } from '../model/topology.ts';
import type { SettingsInput } from '../schema.ts';
import { TestApp } from './test-app.ts';

function testApp(role: TestAppComponent, input: SettingsInput['testApp'] = {}) {
  const platform = settingsOf({ testApp: input });
  const manifests = synthConstruct((chart) => {
    new TestApp(chart, role, {
      platform,
      settings: platform.testApp,
      environment: 'staging',
      role,
      otlpEndpoint: 'http://collector:4318',
      variables: { ORDERS_URL: 'http://orders:5000' },
    });
  });
  const [workload] = workloads(manifests);
  if (workload === undefined) throw new Error('a role is a workload');
  const { container, spec } = podOf(workload);
  const value = (name: string) =>
    container.env.find((each: { name: string }) => each.name === name)?.value;
  return { manifests, workload, container, spec, value };
}

test.each(testAppComponents)('%s reports under its own name', (role) => {
  const { value, container } = testApp(role);
  expect(value('OTEL_SERVICE_NAME')).toBe(role);
  expect(value('ROLE')).toBe(role);
  expect(value('PORT')).toBe(String(container.ports[0].containerPort));
});

test.each(testAppComponents)('%s drains and ends before it is killed', (role) => {
  const { value, spec } = testApp(role);
  const limits = { close: 10, flush: 5 };
  const needed = Number(value('DRAIN_SECONDS')) + limits.close + limits.flush;
  expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(needed);
});

test('a role is told what it alone needs', () => {
  expect(testApp('shop').value('ORDERS_URL')).toBe('http://orders:5000');
});

test('the owner of the data keeps it on a volume, the others hold nothing', () => {
  const { workload, value, container } = testApp('orders');
  expect(workload.kind).toBe('StatefulSet');
  const [data] = container.volumeMounts;
  expect(value('DATABASE')).toMatch(new RegExp(`^${data.mountPath}/`));
  for (const role of ['shop', 'inventory', 'payments'] as const) {
    expect(testApp(role).workload.kind).toBe('Deployment');
  }
});

test('an autoscaler is there when there may be more than one replica, and owns their number', () => {
  const { manifests, workload } = testApp('shop', { maxReplicas: 4 });
  const autoscaler = find(manifests, 'HorizontalPodAutoscaler', 'shop');
  expect(autoscaler.spec).toMatchObject({ minReplicas: 1, maxReplicas: 4 });
  expect(autoscaler.spec.scaleTargetRef).toMatchObject({ kind: 'Deployment', name: 'shop' });
  expect(workload.spec).not.toHaveProperty('replicas');
  expect(testApp('shop').workload.spec.replicas).toBe(1);
});

test('the owner of the data is never scaled: two would have different data', () => {
  const { manifests, workload } = testApp('orders', { maxReplicas: 4 });
  expect(manifests.map(({ kind }) => kind)).not.toContain('HorizontalPodAutoscaler');
  expect(workload.spec.replicas).toBe(1);
});

test('telemetry goes to the collector, in the protocol of that port', () => {
  const { value } = testApp('shop');
  expect(value('OTEL_EXPORTER_OTLP_ENDPOINT')).toBe('http://collector:4318');
  expect(value('OTEL_EXPORTER_OTLP_PROTOCOL')).toBe('http/protobuf');
});

test('the resource says which pod of which release it is', () => {
  const attributes = testApp('shop').value('OTEL_RESOURCE_ATTRIBUTES').split(',');
  expect(attributes).toEqual(
    expect.arrayContaining([
      'service.namespace=shop',
      `service.version=${images.testApp.tag}`,
      'service.instance.id=$(POD_UID)',
      'k8s.pod.name=$(POD_NAME)',
      'k8s.deployment.name=shop',
      'deployment.environment.name=staging',
    ]),
  );
  expect(testApp('orders').value('OTEL_RESOURCE_ATTRIBUTES')).toContain(
    'k8s.statefulset.name=orders',
  );
});

test('Kubernetes can fill in every $(…), because it is declared above', () => {
  const { container } = testApp('shop');
  const seen: string[] = [];
  for (const { name, value = '' } of container.env as { name: string; value?: string }[]) {
    const used = [...value.matchAll(/\$\((\w+)\)/g)].map(([, variable]) => variable);
    for (const variable of used) expect(seen).toContain(variable);
    seen.push(name);
  }
  expect(seen).toContain('OTEL_RESOURCE_ATTRIBUTES');
});
