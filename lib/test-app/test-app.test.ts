import { podTemplateOf, synthConstruct } from '../../test/construct.ts';
import { findManifest, settingsOf, workloads } from '../../test/synthesized.ts';
import { images } from '../model/images.ts';
import { servicesOf, type TestAppServiceName } from '../model/ports.ts';
import type { SettingsInput } from '../schema.ts';
import { TestAppService } from './test-app.ts';

function testApp(role: TestAppServiceName, input: SettingsInput['testApp'] = {}) {
  const platform = settingsOf({ testApp: input });
  const manifests = synthConstruct((chart) => {
    new TestAppService(chart, role, {
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
  const { container, spec } = podTemplateOf(workload);
  const value = (name: string) =>
    container.env.find((each: { name: string }) => each.name === name)?.value;
  return { manifests, workload, container, spec, value };
}

test.each(servicesOf('testApp'))('%s has its own service.name', (role) => {
  const { value, container } = testApp(role);
  expect(value('OTEL_SERVICE_NAME')).toBe(role);
  expect(value('ROLE')).toBe(role);
  expect(value('PORT')).toBe(String(container.ports[0].containerPort));
});

test.each(servicesOf('testApp'))('%s has enough time to drain and shut down', (role) => {
  const { value, spec } = testApp(role);
  const limits = { close: 10, flush: 5 };
  const needed = Number(value('DRAIN_SECONDS')) + limits.close + limits.flush;
  expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(needed);
});

test('a role gets its own variables', () => {
  expect(testApp('shop').value('ORDERS_URL')).toBe('http://orders:5000');
});

test('the role with the database is a StatefulSet, the others are Deployments', () => {
  const { workload, value, container } = testApp('orders');
  expect(workload.kind).toBe('StatefulSet');
  const [data] = container.volumeMounts;
  expect(value('DATABASE')).toMatch(new RegExp(`^${data.mountPath}/`));
  for (const role of ['shop', 'inventory', 'payments'] as const) {
    expect(testApp(role).workload.kind).toBe('Deployment');
  }
});

test('with maxReplicas an autoscaler sets the number of replicas', () => {
  const { manifests, workload } = testApp('shop', { maxReplicas: 4 });
  const autoscaler = findManifest(manifests, 'HorizontalPodAutoscaler', 'shop');
  expect(autoscaler.spec).toMatchObject({ minReplicas: 1, maxReplicas: 4 });
  expect(autoscaler.spec.scaleTargetRef).toMatchObject({ kind: 'Deployment', name: 'shop' });
  expect(workload.spec).not.toHaveProperty('replicas');
  expect(testApp('shop').workload.spec.replicas).toBe(1);
});

test('the role with the database is never scaled', () => {
  const { manifests, workload } = testApp('orders', { maxReplicas: 4 });
  expect(manifests.map(({ kind }) => kind)).not.toContain('HorizontalPodAutoscaler');
  expect(workload.spec.replicas).toBe(1);
});

test('telemetry is sent to the collector by OTLP over HTTP', () => {
  const { value } = testApp('shop');
  expect(value('OTEL_EXPORTER_OTLP_ENDPOINT')).toBe('http://collector:4318');
  expect(value('OTEL_EXPORTER_OTLP_PROTOCOL')).toBe('http/protobuf');
});

test('the resource attributes identify pod and version', () => {
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

test('every $(…) refers to a variable that is declared before', () => {
  const { container } = testApp('shop');
  const seen: string[] = [];
  for (const { name, value = '' } of container.env as { name: string; value?: string }[]) {
    const used = [...value.matchAll(/\$\((\w+)\)/g)].map(([, variable]) => variable);
    for (const variable of used) expect(seen).toContain(variable);
    seen.push(name);
  }
  expect(seen).toContain('OTEL_RESOURCE_ATTRIBUTES');
});
