import { appMetrics } from '../../lib/telemetry/app.ts';
import { closeServers, serve, serveAll } from '../testing/in-process.ts';

afterAll(closeServers);

const reserve = (product: string, quantity = 1) => ({ items: [{ product, quantity }] });
const result = (name: string) => ({ 'shop.cache.result': name });

test('a product is loaded once and then cached', async () => {
  const { inventory, orders } = await serveAll();
  for (const quantity of [1, 2]) {
    const response = await inventory.post('/api/reservations', reserve('coffee', quantity));
    expect(response.status).toBe(200);
  }
  expect(orders.lines).toHaveLength(1);
  expect(await inventory.value(appMetrics.cacheRequests.name, result('hit'))).toBe(1);
  expect(await inventory.value(appMetrics.cacheRequests.name, result('miss'))).toBe(1);
  expect(await inventory.value(appMetrics.cacheSize.name)).toBe(1);
});

test('a full cache evicts the least recently used entry', async () => {
  const { orders } = await serveAll();
  const inventory = await serve('inventory', { ORDERS_URL: orders.url, CACHE_SIZE: '2' });
  for (const product of ['coffee', 'tea', 'mug']) {
    await inventory.post('/api/reservations', reserve(product));
  }
  expect(await inventory.value(appMetrics.cacheEvictions.name)).toBe(1);
  expect(await inventory.value(appMetrics.cacheSize.name)).toBe(2);
});

test('with the fault cache-off every look-up is a request', async () => {
  const { inventory, orders } = await serveAll();
  inventory.faults.start({ name: 'cache-off', seconds: 60, options: {} });
  for (const quantity of [1, 2]) {
    await inventory.post('/api/reservations', reserve('coffee', quantity));
  }
  expect(orders.lines).toHaveLength(2);
  expect(await inventory.value(appMetrics.cacheRequests.name, result('bypass'))).toBe(2);
});

test.each(['{}', '{"items":[]}', '{"items":[{"product":"coffee","quantity":-1}]}'])(
  'reserving %s is a 400',
  async (body) => {
    const { inventory } = await serveAll();
    expect((await inventory.post('/api/reservations', body)).status).toBe(400);
  },
);
