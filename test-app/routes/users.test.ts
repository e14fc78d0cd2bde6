import { closeServers, serve } from '../testing/in-process.ts';

afterAll(closeServers);

const env = { ORDERS_URL: 'http://127.0.0.1:9' };

test('the users are listed', async () => {
  const { url } = await serve('shop', env);
  const users = await (await fetch(`${url}/api/users`)).json();
  expect(users).toContainEqual({ id: '1', name: 'Ada' });
});

test('one user is found, and is on the log line', async () => {
  const { url, lines } = await serve('shop', env);
  const response = await fetch(`${url}/api/users/2`);
  expect(await response.json()).toEqual({ id: '2', name: 'Grace' });
  expect(lines).toEqual([
    expect.objectContaining({ level: 'info', 'http.route': '/api/users/:id', 'user.id': '2' }),
  ]);
});

test('an unknown user is a 404 in JSON and a warning, without a made-up user.id', async () => {
  const { url, lines } = await serve('shop', env);
  const response = await fetch(`${url}/api/users/999`);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: 'there is no user 999' });
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'warn',
      message: 'GET /api/users/999 404: there is no user 999',
      'http.route': '/api/users/:id',
    }),
  ]);
  expect(lines[0]).not.toHaveProperty('user.id');
});
