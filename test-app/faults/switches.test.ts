import { closeServers, serve } from '../testing/in-process.ts';
import { duration, faultNames } from './catalogue.ts';
import { offeredFaults } from './switches.ts';

afterAll(closeServers);

const env = { ORDERS_URL: 'http://127.0.0.1:9', INVENTORY_URL: 'http://127.0.0.1:9' };

async function shop(more: Record<string, string> = { FAULT_SWITCHES: 'true' }) {
  const { url, ...rest } = await serve('shop', { ...env, ...more });
  const send = (method: string, path: string, headers?: Record<string, string>) =>
    fetch(`${url}/faults${path}`, { method, headers, body: undefined });
  return { ...rest, url, send };
}

test('a switch starts a fault with its defaults, and ends it', async () => {
  const { faults, send } = await shop();
  const { active } = await (await send('PUT', '/latency')).json();
  expect(active).toMatchObject([{ name: 'latency', endsInSeconds: duration.default }]);
  expect(faults.active('latency')).toEqual({ ms: 3000, rate: 1, route: '' });
  expect(await (await send('GET', '')).json()).toEqual({ active });
  await send('DELETE', '/latency');
  expect(faults.list()).toEqual([]);
});

test('a fault that makes every request fail can be ended', async () => {
  const { faults, get, send } = await shop();
  faults.start({
    name: 'error-rate',
    seconds: 60,
    options: { rate: 1, route: '', type: 'database' },
  });
  expect((await get('/')).status).toBe(500);
  expect((await get('/livez')).status).toBe(200);
  expect((await send('DELETE', '/error-rate')).status).toBe(200);
  expect((await get('/')).status).toBe(200);
});

test('switches are off by default, and the page then has the command alone', async () => {
  const { faults, get, send } = await shop({});
  for (const method of ['GET', 'PUT', 'DELETE']) {
    expect((await send(method, method === 'GET' ? '' : '/latency')).status).toBe(404);
  }
  expect(faults.list()).toEqual([]);
  const page = await (await get('/')).text();
  expect(page).not.toContain('role="switch"');
  expect(page).toContain('<code>make fault NAME=error-rate FOR=5m</code>');
});

test('the page has a switch for each fault of the process, and the command for the others', async () => {
  const { get } = await shop();
  const page = await (await get('/')).text();
  const names = [...page.matchAll(/data-fault="([^"]+)"/g)].map(([, name]) => name);
  expect(names).toEqual(offeredFaults('shop'));
  expect(names).toEqual(['error-rate', 'latency']);
  expect(page).toContain('<code>make fault NAME=cache-off FOR=5m</code>');
  expect(offeredFaults('all')).toEqual(faultNames);
});

test('a fault of another role is refused', async () => {
  const { faults, send } = await shop();
  const response = await send('PUT', '/memory-leak');
  expect(response.status).toBe(404);
  expect((await response.json()).error).toBe('the faults here are error-rate, latency');
  expect(faults.list()).toEqual([]);
});

test.each<[string, Record<string, string>]>([
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['another port', { 'sec-fetch-site': 'same-site' }],
  ['another origin', { origin: 'http://evil.example' }],
  ['an opaque origin', { origin: 'null' }],
])('a page of %s may not switch faults', async (_, headers) => {
  const { faults, send } = await shop();
  const response = await send('PUT', '/latency', headers);
  expect(response.status).toBe(403);
  expect(faults.list()).toEqual([]);
});

test('the homepage may switch faults', async () => {
  const { faults, send, url } = await shop();
  expect((await send('PUT', '/latency', { origin: url })).status).toBe(200);
  expect((await send('PUT', '/error-rate', { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  expect(faults.list()).toHaveLength(2);
});

test('a browser that asks first gets no permission for another origin', async () => {
  const { send } = await shop();
  const response = await send('OPTIONS', '/latency', {
    origin: 'http://evil.example',
    'access-control-request-method': 'PUT',
  });
  expect([...response.headers.keys()].filter((name) => name.startsWith('access-'))).toEqual([]);
});
