import { closeServers, listen, serve } from '../testing/in-process.ts';
import { adminApp } from './admin.ts';
import { faultNames } from './catalogue.ts';

afterAll(closeServers);

async function admin() {
  const { faults } = await serve('payments');
  const url = await listen(adminApp(faults).listen(0, '127.0.0.1'));
  const send = (method: string, path: string, body?: unknown) =>
    fetch(`${url}/faults${path}`, { method, body: JSON.stringify(body) });
  return { faults, send };
}

test('a fault is started and stopped', async () => {
  const { faults, send } = await admin();
  const response = await send('PUT', '/latency', { ms: 10, for: 60 });
  expect(await response.json()).toMatchObject({
    active: [{ name: 'latency', options: { ms: 10, rate: 1 }, endsInSeconds: 60 }],
  });
  expect(faults.active('latency')).toMatchObject({ ms: 10 });
  await send('DELETE', '/latency');
  expect(faults.list()).toEqual([]);
});

test('all faults are stopped together', async () => {
  const { faults, send } = await admin();
  for (const name of ['latency', 'cache-off']) await send('PUT', `/${name}`, {});
  expect(await (await send('DELETE', '')).json()).toEqual({ active: [] });
  expect(faults.list()).toEqual([]);
});

test('the list has the active faults and the catalogue', async () => {
  const { send } = await admin();
  const { active, catalogue } = await (await send('GET', '')).json();
  expect(active).toEqual([]);
  expect(Object.keys(catalogue)).toEqual(faultNames);
});

test.each([
  ['PUT', '/meteor', 'name must be one of'],
  ['DELETE', '/meteor', 'name must be one of'],
  ['PUT', '/latency', 'ms must be a number'],
])('%s %s is refused with a reason', async (method, path, error) => {
  const { send } = await admin();
  const response = await send(method, path, { ms: 'x' });
  expect(response.status).toBe(400);
  expect((await response.json()).error).toContain(error);
});
