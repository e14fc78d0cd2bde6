import { closeServers, serve } from '../testing/in-process.ts';

afterAll(closeServers);

const unusedUrl = 'http://127.0.0.1:9';

test('a line of each severity is logged', async () => {
  const env = { ORDERS_URL: unusedUrl, INVENTORY_URL: unusedUrl };
  const { get, lines } = await serve('shop', env, 'debug');
  expect((await get('/api/log-levels')).status).toBe(200);
  const route = '/api/log-levels';
  expect(lines.filter((line) => line['http.route'] === route).map(({ level }) => level)).toEqual([
    ...['fatal', 'error', 'warn', 'info', 'debug'],
    'info', // the access log
  ]);
});
