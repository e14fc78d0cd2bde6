import { answering, closedUrl, closeServers, serve, serveAll } from '../testing/in-process.ts';

afterAll(closeServers);

const coffee = { userId: '1', items: [{ product: 'coffee', quantity: 2 }] };

test('an order placed at the shop is stored by the orders service', async () => {
  const { shop, orders } = await serveAll();
  const response = await shop.post('/api/orders', coffee);
  expect(response.status).toBe(201);
  const placed: { id: string } = await response.json();
  for (const { get } of [shop, orders]) {
    expect(await (await get('/api/orders')).json()).toEqual([
      expect.objectContaining({ id: placed.id }),
    ]);
    expect(await (await get(`/api/orders/${placed.id}`)).json()).toMatchObject(coffee);
  }
});

test('a 404 of the orders service is passed on', async () => {
  const { shop } = await serveAll();
  const response = await shop.get('/api/orders/a%2Fb');
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: 'there is no order a/b', type: 'NotFound' });
});

test.each([
  ['{', 'the body is not JSON', undefined],
  ['{"userId":"1"}', 'the order is not valid', ['items must be a list of 1 to 50, got nothing']],
  [
    JSON.stringify({ ...coffee, userId: '999' }),
    'the order is not valid',
    ['userId must be a known user, got "999"'],
  ],
])('the shop refuses the order %j', async (body, error, details) => {
  const { shop, payments } = await serveAll();
  const response = await shop.post('/api/orders', body);
  expect(response.status).toBe(400);
  const type = 'InvalidRequest';
  expect(await response.json()).toEqual({ error, type, ...(details && { details }) });
  expect(shop.lines).toEqual([expect.objectContaining({ level: 'warn' })]);
  expect(payments.lines).toEqual([]);
});

test.each([
  ['machine', 409, 'there are only 3 of machine, not 20', 'OutOfStock'],
  ['gold', 400, 'the items are not valid', 'InvalidRequest'],
])('20 of %s are refused with %i before the payment', async (product, status, error, type) => {
  const { shop, payments } = await serveAll();
  const response = await shop.post('/api/orders', {
    userId: '1',
    items: [{ product, quantity: 20 }],
  });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error, type });
  expect(payments.lines).toEqual([]);
});

const shopBefore = (owner: string) => serve('shop', { ORDERS_URL: owner, INVENTORY_URL: owner });

test('an unreachable orders service is a 502 and an error with its cause in the log', async () => {
  const shop = await shopBefore(await closedUrl());
  const response = await shop.get('/api/orders');
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ error: 'the orders service is unavailable' });
  expect(shop.lines).toEqual([
    expect.objectContaining({
      level: 'error',
      'http.response.status_code': 502,
      'error.type': 'UpstreamUnavailable',
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
])('a response of the orders service with %i and %j is a 502', async (status, body, error) => {
  const shop = await shopBefore(await answering(status, body));
  const response = await shop.get('/api/orders');
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ error });
});
