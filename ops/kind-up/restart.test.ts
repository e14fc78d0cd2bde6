import { type Template, usersOf } from './restart.ts';

const workload = (kind: string, name: string, image: string): Template => ({
  kind,
  metadata: { name },
  spec: { template: { spec: { containers: [{ image }] } } },
});

test('what runs a newly loaded image is restarted, and nothing else', () => {
  const workloads = [
    workload('Deployment', 'shop', 'localhost/mantis/test-app:0.1.0'),
    workload('Deployment', 'orders', 'localhost/mantis/test-app:0.1.0'),
    workload('StatefulSet', 'loki', 'grafana/loki:3.7.8'),
  ];
  expect(usersOf(workloads, ['localhost/mantis/test-app:0.1.0'])).toEqual([
    'deployment/shop',
    'deployment/orders',
  ]);
  expect(usersOf(workloads, [])).toEqual([]);
});
