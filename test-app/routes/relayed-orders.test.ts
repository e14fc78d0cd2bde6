import { createServer } from 'node:http';
import { closedUrl, closeServers, listen, serve, serveBoth } from '../testing/in-process.ts';

afterAll(closeServers);

const coffee = { userId: '1', items: [{ product: 'coffee', quantity: 2 }] };

test('an order placed at the shop is kept by the orders service', async () => {
  const { shop, orders } = await serveBoth();
  const response = await shop.post('/api/orders', coffee);
  expect(response.status).toBe(201);
  const placed: { id: string } = await response.json();
  for (const { url } of [shop, orders]) {
    expect(await (await fetch(`${url}/api/orders`)).json()).toEqual([placed]);
    expect(await (await fetch(`${url}/api/orders/${placed.id}`)).json()).toEqual(placed);
  }
});

test('the answer of the orders service about a missing order is passed on', async () => {
  const { shop } = await serveBoth();
  const response = await fetch(`${shop.url}/api/orders/a%2Fb`);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: 'there is no order a/b' });
});

test.each([
  ['{', 'the body is not JSON', undefined],
  ['{"userId":"1"}', 'the order is not valid', ['items must be a list of 1 to 50, got nothing']],
  [
    JSON.stringify({ ...coffee, userId: '999' }),
    'the order is not valid',
    ['userId must be a known user, got "999"'],
  ],
])('the shop refuses %j itself and warns', async (body, error, details) => {
  const { shop, orders } = await serveBoth();
  const response = await shop.post('/api/orders', body);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error, ...(details && { details }) });
  expect(shop.lines).toEqual([expect.objectContaining({ level: 'warn' })]);
  expect(orders.lines).toEqual([]);
});

test('an orders service that is away makes a 502, and an error with its cause in the log', async () => {
  const shop = await serve('shop', { ORDERS_URL: await closedUrl() });
  const response = await fetch(`${shop.url}/api/orders`);
  expect(response.status).toBe(502);
  expect(await response.json()).toEqual({ error: 'the orders service is unavailable' });
  expect(shop.lines).toEqual([
    expect.objectContaining({
      level: 'error',
      'http.response.status_code': 502,
      err: expect.objectContaining({
        type: 'UpstreamUnavailable',
        stack: expect.stringContaining('peer.ts'),
        cause: expect.objectContaining({ message: expect.stringContaining('ECONNREFUSED') }),
      }),
    }),
  ]);
});

test.each([
  [500, '{}', 'the orders service answered 500'],
  [200, 'no JSON', 'the orders service is unavailable'],
])('an orders service that answers %i with %j makes a 502', async (status, body, error) => {
  const broken = createServer((_request, response) => response.writeHead(status).end(body));
  const shop = await serve('shop', { ORDERS_URL: await listen(broken.listen(0)) });
  const response = await fetch(`${shop.url}/api/orders`);
  expect(response.status).toBe(502);
  expect(await response.json()).toEqual({ error });
});
