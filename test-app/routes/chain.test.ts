import { closedUrl, closeServers, serve, serveAll } from '../testing/in-process.ts';

afterAll(closeServers);

test('one request goes through all four services', async () => {
  const { shop } = await serveAll();
  const milliseconds = expect.any(Number);
  expect(await (await shop.get('/api/chain')).json()).toEqual({
    service: 'shop',
    milliseconds,
    next: {
      service: 'inventory',
      milliseconds,
      next: { service: 'orders', milliseconds, next: { service: 'payments', milliseconds } },
    },
  });
});

test('a service that is down makes the chain a 502', async () => {
  const inventory = await serve('inventory', { ORDERS_URL: await closedUrl() });
  expect((await inventory.get('/api/chain')).status).toBe(502);
});
