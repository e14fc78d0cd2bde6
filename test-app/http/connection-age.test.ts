import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeServers, listen } from '../testing/in-process.ts';
import { limitConnectionAge } from './connection-age.ts';

afterAll(closeServers);

test('a keep-alive connection is closed after the response that follows its maximum age', async () => {
  const server = createServer((_request, response) => response.end('ok'));
  limitConnectionAge(server, 200);
  const url = await listen(server.listen(0));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const requestPort = async () => {
    const [response] = await once(get(url, { agent }), 'response');
    const { localPort } = response.socket;
    await once(response.resume(), 'end');
    return localPort;
  };
  const first = await requestPort();
  expect(await requestPort()).toBe(first);
  await sleep(250);
  // The old connection serves one more request.
  expect(await requestPort()).toBe(first);
  expect(await requestPort()).not.toBe(first);
  agent.destroy();
});
