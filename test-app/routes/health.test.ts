import { appMetrics } from '../../lib/telemetry.ts';
import { closeServers, serve } from '../testing/in-process.ts';
import { roleNames } from '../variables.ts';

afterAll(closeServers);

const nobody = 'http://127.0.0.1:9';
const env = { ORDERS_URL: nobody, INVENTORY_URL: nobody, PAYMENTS_URL: nobody };

test.each(roleNames)('%s says that it is alive, and who it is, asking nobody', async (role) => {
  const { get } = await serve(role, env);
  const response = await get('/health');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok', role });
});

test('a probe leaves no line at level info, one at debug', async () => {
  const quiet = await serve('payments');
  const chatty = await serve('payments', {}, 'debug');
  for (const { get } of [quiet, chatty]) await get('/health');
  expect(quiet.lines).toEqual([]);
  expect(chatty.lines).toEqual([expect.objectContaining({ message: 'GET /health 200' })]);
});

test('a probe is not counted', async () => {
  const { get, metrics } = await serve('payments');
  await get('/health');
  expect((await metrics()).get(appMetrics.requests.name)).toBeUndefined();
});

test('probes and finished requests are not in flight', async () => {
  const { get, value } = await serve('payments');
  for (const path of ['/health', '/api/chain']) await get(path);
  expect(await value(appMetrics.requestsActive.name)).toBe(0);
});
