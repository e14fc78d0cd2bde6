import { type ImageUser, workloadsUsing } from './restart.ts';

const workload = (kind: string, name: string, image: string): ImageUser => ({
  kind,
  metadata: { name },
  spec: { template: { spec: { containers: [{ image }] } } },
});

test('only workloads that use a loaded image are restarted', () => {
  const workloads = [
    workload('Deployment', 'shop', 'localhost/mantis/test-app:0.1.0'),
    workload('Deployment', 'orders', 'localhost/mantis/test-app:0.1.0'),
    workload('StatefulSet', 'loki', 'grafana/loki:3.7.8'),
  ];
  expect(workloadsUsing(workloads, ['localhost/mantis/test-app:0.1.0'])).toEqual([
    'deployment/shop',
    'deployment/orders',
  ]);
  expect(workloadsUsing(workloads, [])).toEqual([]);
});
