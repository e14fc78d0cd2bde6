import { appMetrics } from '../../lib/telemetry.ts';
import { closeServers, serve } from '../testing/in-process.ts';

afterAll(closeServers);

test.each(['shop', 'orders'] as const)('%s says that it is alive, and who it is', async (role) => {
  const { url } = await serve(role, { ORDERS_URL: 'http://127.0.0.1:9' });
  const response = await fetch(`${url}/health`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok', role });
});

test('a probe leaves no line at level info, one at debug', async () => {
  const quiet = await serve('orders');
  const chatty = await serve('orders', {}, 'debug');
  for (const { url } of [quiet, chatty]) await fetch(`${url}/health`);
  expect(quiet.lines).toEqual([]);
  expect(chatty.lines).toEqual([expect.objectContaining({ message: 'GET /health 200' })]);
});

test('probes and finished requests are not in flight', async () => {
  const { url, metrics } = await serve('orders');
  for (const path of ['/health', '/api/orders']) await fetch(`${url}${path}`);
  const active = (await metrics()).get(appMetrics.requestsActive.name);
  expect(active?.dataPoints[0]?.value).toBe(0);
});
