import { appMetrics } from '../../lib/telemetry/app.ts';
import { roleNames } from '../config/variables.ts';
import { closeServers, serve } from '../testing/in-process.ts';

afterAll(closeServers);

const unusedUrl = 'http://127.0.0.1:9';
const env = { ORDERS_URL: unusedUrl, INVENTORY_URL: unusedUrl, PAYMENTS_URL: unusedUrl };

const probes = ['/livez', '/readyz'];

test.each(roleNames)('%s is live and ready without its upstream services', async (role) => {
  const { get } = await serve(role, env);
  for (const path of probes) {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok', role });
  }
});

test('during the shutdown it is live but not ready, and serves requests', async () => {
  const { get, stopping } = await serve('payments');
  stopping.abort();
  const answers = await Promise.all([...probes, '/api/chain'].map((path) => get(path)));
  expect(answers.map(({ status }) => status)).toEqual([200, 503, 200]);
  expect(await answers[1]?.json()).toEqual({ status: 'stopping', role: 'payments' });
});

test('probes are not logged, and /health at level debug only', async () => {
  const quiet = await serve('payments');
  const chatty = await serve('payments', {}, 'debug');
  for (const { get } of [quiet, chatty]) for (const path of [...probes, '/health']) await get(path);
  expect(quiet.lines).toEqual([]);
  expect(chatty.lines.map(({ message }) => message)).toEqual(['GET /health 200']);
});

test('/health says whether the process is shutting down, and logs that as an error', async () => {
  const { get, stopping, lines } = await serve('payments');
  expect(await (await get('/health')).json()).toEqual({ status: 'ok', role: 'payments' });
  stopping.abort();
  expect((await get('/health')).status).toBe(503);
  expect(lines).toEqual([expect.objectContaining({ level: 'error' })]);
});

test('requests of /health are counted', async () => {
  const { get, value } = await serve('payments');
  await get('/health');
  const labels = { 'http.route': '/health', 'http.request.method': 'GET' };
  const counted = { ...labels, 'http.response.status_code': 200 };
  expect(await value(appMetrics.requests.name, counted)).toBe(1);
});

test('probes are not counted', async () => {
  const { get, metrics } = await serve('payments');
  for (const path of probes) await get(path);
  expect((await metrics()).get(appMetrics.requests.name)).toBeUndefined();
});

test('probes and finished requests are not active', async () => {
  const { get, value } = await serve('payments');
  for (const path of [...probes, '/api/chain']) await get(path);
  expect(await value(appMetrics.requestsActive.name)).toBe(0);
});
