import { DataPointType } from '@opentelemetry/sdk-metrics';
import { appMetrics } from '../../lib/telemetry/app.ts';
import { closeServers, serveAll } from '../testing/in-process.ts';

afterAll(closeServers);

const types = {
  counter: DataPointType.SUM,
  gauge: DataPointType.GAUGE,
  histogram: DataPointType.HISTOGRAM,
};

/** Metrics of the shop after requests of each kind; connections are counted by server.ts. */
async function collectMetrics() {
  const all = await serveAll();
  const order = { userId: '1', items: [{ product: 'coffee', quantity: 3 }] };
  await all.shop.post('/api/orders', order);
  await all.shop.post('/api/orders', { ...order, items: [{ product: 'machine', quantity: 50 }] });
  for (const id of [1, 2, 3]) await all.shop.get(`/api/users/${id}`);
  await all.shop.get(`/api/unknown/${Math.random()}`);
  const collected = await Promise.all(Object.values(all).map(({ metrics }) => metrics()));
  return collected.flatMap((metrics) => [...metrics.values()]);
}

const published = Object.values(appMetrics).filter(
  ({ name }) => name !== 'shop.connections.active',
);

test('every published metric is exported with its type, unit and description', async () => {
  const recorded = await collectMetrics();
  for (const { name, type, unit, description } of published) {
    const found = recorded.find(({ descriptor }) => descriptor.name === name);
    expect(found?.descriptor).toMatchObject({ name, unit, description });
    expect(found?.dataPointType).toBe(types[type]);
  }
});

test('no attribute has ids, paths or products', async () => {
  const texts = (await collectMetrics()).flatMap(({ descriptor, dataPoints }) =>
    dataPoints.map(({ attributes }) => `${descriptor.name} ${JSON.stringify(attributes)}`),
  );
  expect(texts.length).toBeGreaterThan(20);
  for (const text of texts) {
    expect(text).not.toMatch(/users\/\d|unknown\/|coffee|machine|[0-9a-f]{8}-[0-9a-f]{4}/);
  }
});
