import { images, taggedName } from '../../lib/model/images.ts';
import { type ImageUser, workloadsUsing } from './restart.ts';

const app = taggedName(images.testApp);

const workload = (kind: string, name: string, image: string): ImageUser => ({
  kind,
  metadata: { name },
  spec: { template: { spec: { containers: [{ image }] } } },
});

test('only workloads that use a loaded image are restarted', () => {
  const workloads = [
    workload('Deployment', 'shop', app),
    workload('Deployment', 'orders', app),
    workload('StatefulSet', 'loki', 'grafana/loki:3.7.8'),
  ];
  expect(workloadsUsing(workloads, [app])).toEqual(['deployment/shop', 'deployment/orders']);
  expect(workloadsUsing(workloads, [])).toEqual([]);
});
