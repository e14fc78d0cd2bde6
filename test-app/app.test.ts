import { createApp } from './app.ts';
import { createMetrics } from './metrics.ts';
import type { Routes } from './request.ts';
import {
  capturingLogger,
  closeServers,
  inMemoryMeter,
  listen,
  serve,
} from './testing/in-process.ts';

afterAll(closeServers);

test('an unknown path is a 404 in JSON and a warning without a route', async () => {
  const { url, lines } = await serve('orders');
  const response = await fetch(`${url}/api/nothing`);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: 'nothing is at /api/nothing' });
  expect(lines).toEqual([expect.objectContaining({ level: 'warn' })]);
  expect(lines[0]).not.toHaveProperty('http.route');
});

test('a method that a path does not take is a 405 in JSON that says which ones it takes', async () => {
  const { url } = await serve('orders');
  const response = await fetch(`${url}/api/orders`, { method: 'DELETE' });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('HEAD, GET, POST');
  expect(await response.json()).toEqual({ error: '/api/orders does not take DELETE' });
});

test('a request is one line with what it was and how it went', async () => {
  const { url, lines } = await serve('orders');
  await fetch(`${url}/api/orders?page=2`);
  expect(lines).toEqual([
    {
      level: 'info',
      message: 'GET /api/orders 200',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'http.route': '/api/orders',
      'url.path': '/api/orders',
      duration_ms: expect.any(Number),
    },
  ]);
});

test('a bug is a 500 that tells the caller nothing and the log everything', async () => {
  const broken: Routes = (router) => {
    router.get('/', () => {
      throw new TypeError('secret');
    });
  };
  const { logger, lines } = capturingLogger();
  const app = createApp([broken], logger, createMetrics(inMemoryMeter().meter));
  const response = await fetch(await listen(app.listen(0)));
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ error: 'internal error' });
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'error',
      err: expect.objectContaining({ type: 'TypeError', message: 'secret' }),
    }),
  ]);
});
