import { appMetrics } from '../lib/telemetry/app.ts';
import { createApp } from './app.ts';
import type { Routes } from './http/request.ts';
import { createMetrics } from './telemetry/metrics.ts';
import {
  capturingLogger,
  closeServers,
  inMemoryMeter,
  listen,
  serve,
} from './testing/in-process.ts';

afterAll(closeServers);

/** A role without upstream services. */
const anyRole = () => serve('payments');

test('an unknown path is a 404 in JSON and a warning', async () => {
  const { get, lines } = await anyRole();
  const response = await get('/api/nothing');
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: 'nothing is at /api/nothing' });
  expect(lines).toEqual([expect.objectContaining({ level: 'warn', 'http.route': 'unmatched' })]);
});

test('a method that a path does not support is a 405 in JSON with the allowed ones', async () => {
  const { url } = await anyRole();
  const response = await fetch(`${url}/api/chain`, { method: 'DELETE' });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('HEAD, GET');
  expect(await response.json()).toEqual({ error: '/api/chain does not take DELETE' });
});

test('a request is one access log line', async () => {
  const { get, lines } = await anyRole();
  await get('/api/chain?page=2', { 'x-user-id': '7' });
  expect(lines).toEqual([
    {
      level: 'info',
      message: 'GET /api/chain 200',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'http.route': '/api/chain',
      'url.path': '/api/chain',
      'user.id': '7',
      duration_ms: expect.any(Number),
    },
  ]);
});

test.each(['', 'x'.repeat(65), 'a b', '<script>'])(
  'the invalid user %j is anonymous',
  async (user) => {
    const { get, lines } = await anyRole();
    await get('/api/chain', { 'x-user-id': user });
    expect(lines).toEqual([expect.objectContaining({ 'user.id': 'anonymous' })]);
  },
);

test('requests and errors are counted by route, never by path', async () => {
  const { get, value } = await anyRole();
  await get('/api/chain');
  await get('/api/made-up/1');
  await get('/api/made-up/2');
  const request = { 'http.request.method': 'GET', 'http.response.status_code': 200 };
  const chain = { 'http.route': '/api/chain', ...request };
  expect(await value(appMetrics.requests.name, chain)).toBe(1);
  expect(await value(appMetrics.responseSize.name, chain)).toMatchObject({ count: 1 });
  const unmatched = { 'http.route': 'unmatched', 'error.type': '404' };
  expect(await value(appMetrics.errors.name, unmatched)).toBe(2);
});

test('an unknown method has the label _OTHER', async () => {
  const { url, value } = await anyRole();
  await fetch(url, { method: 'PURGE' });
  const labels = {
    'http.route': 'unmatched',
    'http.request.method': '_OTHER',
    'http.response.status_code': 501,
  };
  expect(await value(appMetrics.requests.name, labels)).toBe(1);
});

test('a bug is a 500 without details, and an error with its stack in the log', async () => {
  const broken: Routes = (router) => {
    router.get('/', () => {
      throw new TypeError('secret');
    });
  };
  const { logger, lines } = capturingLogger();
  const metrics = createMetrics(inMemoryMeter().meter);
  const app = createApp({ routes: [broken], logger, metrics });
  const response = await fetch(await listen(app.listen(0)));
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ error: 'internal error' });
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'error',
      'error.type': 'TypeError',
      err: expect.objectContaining({ type: 'TypeError', message: 'secret' }),
    }),
  ]);
});
