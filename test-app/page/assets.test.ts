import { closeServers, serve } from '../testing/in-process.ts';

afterAll(closeServers);

const env = { ORDERS_URL: 'http://127.0.0.1:9', INVENTORY_URL: 'http://127.0.0.1:9' };

test('every file that the homepage loads has its content type', async () => {
  const { get } = await serve('shop', env);
  const page = await (await get('/')).text();
  const files = [...page.matchAll(/"(\/assets\/[^"]*)"/g)].map(([, file = '']) => file);
  const types = await Promise.all(
    files.map(async (file) => {
      const response = await get(file);
      expect(response.status).toBe(200);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      return response.headers.get('content-type');
    }),
  );
  const script = 'text/javascript; charset=utf-8';
  expect(types).toEqual(['image/svg+xml', 'text/css; charset=utf-8', script, script, script]);
});

test('the files are neither logged nor counted, and faults leave them alone', async () => {
  const { get, lines, faults, metrics } = await serve('shop', env);
  faults.start({
    name: 'error-rate',
    seconds: 60,
    options: { rate: 1, route: '', type: 'database' },
  });
  const before = lines.length;
  expect((await get('/assets/page.css')).status).toBe(200);
  expect(lines).toHaveLength(before);
  const requests = [...(await metrics()).values()].flatMap(({ dataPoints }) => [...dataPoints]);
  expect(JSON.stringify(requests)).not.toContain('/assets');
  expect((await get('/')).status).toBe(500);
});

test('there is no way out of the folder', async () => {
  const { get } = await serve('shop', env);
  for (const path of ['/assets/', '/assets/..%2fserver.ts', '/assets/%2e%2e/package.json']) {
    expect((await get(path)).status).toBe(404);
  }
});
