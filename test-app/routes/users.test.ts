import { appMetrics } from '../../lib/telemetry/app.ts';
import { closeServers, serveAll } from '../testing/in-process.ts';

afterAll(closeServers);

test('users are listed and found by id', async () => {
  const { shop } = await serveAll();
  const users: { id: string }[] = await (await shop.get('/api/users')).json();
  expect(users).toHaveLength(50);
  expect(await (await shop.get('/api/users/3')).json()).toEqual(users[2]);
});

test('an unknown user is a 404 and a warning at both services', async () => {
  const { shop, orders } = await serveAll();
  const response = await shop.get('/api/users/999');
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: 'there is no user 999', type: 'NotFound' });
  for (const { lines } of [shop, orders]) {
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'warn',
        'error.type': 'NotFound',
        'http.route': '/api/users/:id',
      }),
    ]);
  }
  expect(shop.lines[0]).toMatchObject({ 'user.id': '999' });
});

test('a new user is stored and counted', async () => {
  const { shop, orders } = await serveAll();
  const response = await shop.post('/api/users', { name: 'Lise' });
  expect(response.status).toBe(201);
  const user: { id: string } = await response.json();
  expect(user).toMatchObject({ id: '51', name: 'Lise' });
  expect(await (await shop.get('/api/users/51')).json()).toEqual(user);
  expect(await orders.value(appMetrics.signups.name)).toBe(1);
});

test.each(['{', '{}', '{"name":""}', '{"name":7}', 'null'])(
  'signing up with %j is a 400',
  async (body) => {
    const { shop } = await serveAll();
    expect((await shop.post('/api/users', body)).status).toBe(400);
  },
);
