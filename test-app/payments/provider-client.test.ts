import { createServer } from 'node:http';
import { appMetrics } from '../../lib/telemetry/app.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { capturingLogger, closeServers, inMemoryMeter, listen } from '../testing/in-process.ts';
import { ProviderClient } from './provider-client.ts';

afterAll(closeServers);

const charge = { id: 'p1', cents: 100, currency: 'EUR' };

/** A client of a provider that returns these statuses in order; 0 is no response. */
async function client(statuses: number[], { timeoutMs = 500, openMs = 10_000 } = {}) {
  const keys: unknown[] = [];
  const provider = createServer((request, response) => {
    keys.push(request.headers['idempotency-key']);
    const status = statuses.shift() ?? 200;
    if (status !== 0) response.writeHead(status).end('{"approved":true}');
  });
  const url = await listen(provider.listen(0));
  const { meter, collect } = inMemoryMeter();
  const { logger, lines } = capturingLogger();
  const metrics = createMetrics(meter);
  const open = async () => (await collect()).get(appMetrics.breakerOpen.name)?.dataPoints[0]?.value;
  const own = new ProviderClient({ url, metrics, logger, timeoutMs, openMs });
  return { client: own, keys, lines, open };
}

test('a failed attempt is retried with the same idempotency key', async () => {
  const { client: own, keys } = await client([503, 503]);
  expect(await own.charge(charge)).toBe(true);
  expect(keys).toEqual(['p1', 'p1', 'p1']);
});

test('an attempt that times out is retried', async () => {
  const { client: own, keys } = await client([0], { timeoutMs: 50 });
  expect(await own.charge(charge)).toBe(true);
  expect(keys).toHaveLength(2);
});

test('a provider that never responds causes UpstreamTimeout', async () => {
  const { client: own } = await client([0, 0, 0], { timeoutMs: 30 });
  await expect(own.charge(charge)).rejects.toMatchObject({ name: 'UpstreamTimeout' });
});

test('the circuit breaker opens after five failures and closes after a success', async () => {
  const { client: own, keys, lines, open } = await client(Array(5).fill(503), { openMs: 600 });
  await expect(own.charge(charge)).rejects.toMatchObject({ name: 'ProviderUnavailable' });
  expect(await open()).toBe(0);
  await expect(own.charge(charge)).rejects.toMatchObject({ name: 'ProviderUnavailable' });
  expect(await open()).toBe(1);
  const asked = keys.length;
  await expect(own.charge(charge)).rejects.toMatchObject({
    message: expect.stringContaining('left alone'),
  });
  expect(keys).toHaveLength(asked);

  await new Promise((resolve) => setTimeout(resolve, 650));
  expect(await own.charge(charge)).toBe(true);
  expect(await open()).toBe(0);
  expect(lines.map(({ message }) => message)).toEqual([
    'circuit breaker of the payment provider: Open',
    'circuit breaker of the payment provider: HalfOpen',
    'circuit breaker of the payment provider: Closed',
  ]);
});
