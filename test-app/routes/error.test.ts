import { closedUrl, closeServers, serve } from '../testing/in-process.ts';

afterAll(closeServers);

async function shop() {
  const closed = await closedUrl();
  return serve('shop', { ORDERS_URL: closed, INVENTORY_URL: closed });
}

test.each([
  ['', 500, 'error', 'TypeError'],
  ['?type=unhandled', 500, 'error', 'TypeError'],
  ['?type=validation', 400, 'warn', 'InvalidRequest'],
  ['?type=database', 500, 'error', 'DatabaseError'],
  ['?type=timeout', 504, 'error', 'UpstreamTimeout'],
  ['?type=upstream', 502, 'error', 'UpstreamUnavailable'],
])('/api/error%s is a %i, logged as %s of type %s', async (query, status, level, type) => {
  const { get, lines } = await shop();
  expect((await get(`/api/error${query}`)).status).toBe(status);
  expect(lines).toEqual([
    expect.objectContaining({ level, 'error.type': type, 'http.response.status_code': status }),
  ]);
});

test('an unknown type is a 400 with the known ones', async () => {
  const { get } = await shop();
  const response = await get('/api/error?type=cosmic');
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: 'type must be one of validation, database, timeout, upstream, unhandled, got cosmic',
  });
});
