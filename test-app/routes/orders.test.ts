import { appMetrics } from '../../lib/telemetry/app.ts';
import { declinedCard } from '../payments/provider.ts';
import { answering, closedUrl, closeServers, serve, serveAll } from '../testing/in-process.ts';

afterAll(closeServers);

const coffee = { userId: '1', items: [{ product: 'coffee', quantity: 2 }] };

/** The orders role with a payments service that always returns this response. */
const ordersWith = async (status: number, body: unknown) =>
  serve('orders', { PAYMENTS_URL: await answering(status, body) });
const orders = () => ordersWith(200, { id: 'p', status: 'authorized' });

test('a placed order is listed and found, with the prices of the catalogue', async () => {
  const { get, post } = await orders();
  const response = await post('/api/orders', coffee);
  expect(response.status).toBe(201);
  const placed: { id: string } = await response.json();
  expect(placed).toMatchObject({ ...coffee, cents: 2580, currency: 'USD', status: 'paid' });
  const [listed] = await (await get('/api/orders')).json();
  expect(listed).toMatchObject({ id: placed.id });
  expect(await (await get(`/api/orders/${placed.id}`)).json()).toMatchObject(coffee);
});

test('an order is counted with its size and value', async () => {
  const { post, value } = await orders();
  await post('/api/orders', coffee);
  await post('/api/orders', { ...coffee, items: [] });
  expect(await value(appMetrics.ordersPlaced.name)).toBe(1);
  expect(await value(appMetrics.basketSize.name)).toMatchObject({ sum: 2, count: 1 });
  expect(await value(appMetrics.revenue.name, { 'shop.currency': 'USD' })).toBe(25.8);
});

test('the counter of orders starts at 0, so that the first order is an increase', async () => {
  const { value } = await orders();
  expect(await value(appMetrics.ordersPlaced.name)).toBe(0);
});

test('every log line of the request has its route and user', async () => {
  const { post, lines } = await orders();
  await post('/api/orders', coffee);
  const own = lines.filter((line) => 'http.route' in line);
  expect(own.map(({ message }) => message)).toEqual(['order placed', 'POST /api/orders 201']);
  for (const line of own) {
    expect(line).toMatchObject({ 'http.route': '/api/orders', 'user.id': '1' });
  }
});

test('a declined card is a 402, and the order is stored as unpaid', async () => {
  const { shop, orders: owner } = await serveAll();
  const response = await shop.post('/api/orders', { ...coffee, card: declinedCard });
  expect(response.status).toBe(402);
  expect(await response.json()).toEqual({
    error: 'the card was declined',
    type: 'PaymentDeclined',
  });
  const [kept] = await (await owner.get('/api/orders')).json();
  expect(kept).toMatchObject({ status: 'unpaid' });
  expect(await owner.value(appMetrics.ordersPlaced.name)).toBe(0);
  const declined = { 'http.route': '/api/orders', 'error.type': 'PaymentDeclined' };
  expect(await shop.value(appMetrics.errors.name, declined)).toBe(1);
});

test('no log line of any role has a card number', async () => {
  const all = await serveAll();
  const card = '4242424242424242';
  await all.shop.post('/api/orders', { ...coffee, card });
  await all.shop.post('/api/orders', { ...coffee, card: 4242424242424242 });
  const lines = Object.values(all).flatMap((role) => role.lines);
  expect(lines.length).toBeGreaterThan(5);
  expect(JSON.stringify(lines)).not.toContain(card);
});

test('an unreachable payments service is a 502', async () => {
  const { post } = await serve('orders', { PAYMENTS_URL: await closedUrl() });
  expect((await post('/api/orders', coffee)).status).toBe(502);
});

test('an unknown order is a 404', async () => {
  const { get } = await orders();
  const response = await get('/api/orders/1');
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: 'there is no order 1', type: 'NotFound' });
});

test.each([
  ['{', 400, 'the body is not JSON'],
  ['', 400, 'the body is not JSON'],
  ['{}', 400, 'the order is not valid'],
  [JSON.stringify({ ...coffee, userId: '999' }), 400, 'the order is not valid'],
  ['{"userId":"1","items":[{"product":"gold","quantity":1}]}', 400, 'the order is not valid'],
  [JSON.stringify('x'.repeat(65 * 1024)), 413, 'the body is larger than 65536 bytes'],
])('the body %.60j is a %i', async (body, status, error) => {
  const { post, lines } = await orders();
  const response = await post('/api/orders', body);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error });
  expect(lines).toEqual([
    expect.objectContaining({ level: 'warn', message: expect.stringContaining(error) }),
  ]);
});
