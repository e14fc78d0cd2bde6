import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { limitConnectionAge } from './connection-age.ts';
import { closeServers, listen } from './testing/in-process.ts';

afterAll(closeServers);

test('a client that keeps its connection is sent to a new one when that is old, and not before', async () => {
  const server = createServer((_request, response) => response.end('ok'));
  limitConnectionAge(server, 200);
  const url = await listen(server.listen(0));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async () => {
    const [response] = await once(get(url, { agent }), 'response');
    const { localPort } = response.socket;
    await once(response.resume(), 'end');
    return localPort;
  };
  const first = await ask();
  expect(await ask()).toBe(first);
  await sleep(250);
  // The old connection answers once more.
  expect(await ask()).toBe(first);
  expect(await ask()).not.toBe(first);
  agent.destroy();
});
