import { podOf, synthConstruct } from '../test/construct.ts';
import { find, settingsOf } from '../test/synthesized.ts';
import { images } from './images.ts';
import { TestApp } from './test-app.ts';

function testApp(role: 'shop' | 'orders', ordersUrl?: string) {
  const platform = settingsOf();
  const manifests = synthConstruct((chart) => {
    new TestApp(chart, role, {
      platform,
      settings: platform.testApp,
      environment: 'staging',
      role,
      otlpEndpoint: 'http://collector:4318',
      ordersUrl,
    });
  });
  const { container } = podOf(find(manifests, 'Deployment', role));
  const value = (name: string) =>
    container.env.find((each: { name: string }) => each.name === name)?.value;
  return { container, value };
}

test.each(['shop', 'orders'] as const)('%s reports under its own name', (role) => {
  const { value, container } = testApp(role);
  expect(value('OTEL_SERVICE_NAME')).toBe(role);
  expect(value('ROLE')).toBe(role);
  expect(value('PORT')).toBe(String(container.ports[0].containerPort));
});

test('the shop knows where orders are, and orders know nobody', () => {
  expect(testApp('shop', 'http://orders:5000').value('ORDERS_URL')).toBe('http://orders:5000');
  expect(testApp('orders').container.env).not.toContainEqual(
    expect.objectContaining({ name: 'ORDERS_URL' }),
  );
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
      'deployment.environment.name=staging',
    ]),
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
