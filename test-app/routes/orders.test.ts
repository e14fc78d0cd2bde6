import { appMetrics } from '../../lib/telemetry.ts';
import { closeServers, serve } from '../testing/in-process.ts';

afterAll(closeServers);

const coffee = { userId: '1', items: [{ product: 'coffee', quantity: 2 }] };

test('an order that is placed is listed and found', async () => {
  const { url, post } = await serve('orders');
  const response = await post('/api/orders', coffee);
  expect(response.status).toBe(201);
  const placed: { id: string } = await response.json();
  expect(placed).toMatchObject(coffee);
  expect(await (await fetch(`${url}/api/orders`)).json()).toEqual([placed]);
  expect(await (await fetch(`${url}/api/orders/${placed.id}`)).json()).toEqual(placed);
});

test('an order that is placed is counted, with its pieces', async () => {
  const { post, metrics } = await serve('orders');
  await post('/api/orders', coffee);
  await post('/api/orders', { ...coffee, items: [] });
  const recorded = await metrics();
  expect(recorded.get(appMetrics.ordersPlaced.name)?.dataPoints[0]?.value).toBe(1);
  expect(recorded.get(appMetrics.basketSize.name)?.dataPoints[0]?.value).toMatchObject({ sum: 2 });
});

test('every line of the request has its route and user', async () => {
  const { post, lines } = await serve('orders');
  await post('/api/orders', coffee);
  expect(lines.map(({ message }) => message)).toEqual(['order placed', 'POST /api/orders 201']);
  for (const line of lines) {
    expect(line).toMatchObject({ 'http.route': '/api/orders', 'user.id': '1' });
  }
});

test('an unknown order is a 404', async () => {
  const { url } = await serve('orders');
  const response = await fetch(`${url}/api/orders/1`);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: 'there is no order 1' });
});

test.each([
  ['{', 400, 'the body is not JSON'],
  ['', 400, 'the body is not JSON'],
  ['{}', 400, 'the order is not valid'],
  [JSON.stringify('x'.repeat(65 * 1024)), 413, 'the body is larger than 65536 bytes'],
])('the body %.9j is answered with %i', async (body, status, error) => {
  const { post, lines } = await serve('orders');
  const response = await post('/api/orders', body);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error });
  expect(lines).toEqual([
    expect.objectContaining({ level: 'warn', message: expect.stringContaining(error) }),
  ]);
});
