import { closedUrl, closeServers, serve } from '../testing/in-process.ts';

afterAll(closeServers);

async function shop(env = {}) {
  const closed = await closedUrl();
  return serve('shop', { ORDERS_URL: closed, INVENTORY_URL: closed, ...env });
}

test('a request takes the given time', async () => {
  const { get } = await shop({ DELAY_FACTOR: '1' });
  const start = performance.now();
  expect(await (await get('/api/slow?ms=120')).json()).toEqual({ waitedMs: 120 });
  expect(performance.now() - start).toBeGreaterThan(115);
});

test('by default it takes 2 to 5 seconds', async () => {
  const { get } = await shop();
  const { waitedMs }: { waitedMs: number } = await (await get('/api/slow')).json();
  expect(waitedMs).toBeGreaterThanOrEqual(2000);
  expect(waitedMs).toBeLessThanOrEqual(5000);
});

test.each(['-1', '10001', 'long', 'Infinity'])('ms=%s is a 400', async (ms) => {
  const { get } = await shop();
  const response = await get(`/api/slow?ms=${ms}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: `ms must be a number from 0 to 10000, got ${ms}`,
  });
});
