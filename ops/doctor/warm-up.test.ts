import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, Reach } from './model/reach.ts';
import { warmUp } from './warm-up.ts';

const reachOf = (loki: Connection, timeoutSeconds: number): Omit<Reach, 'login'> => ({
  from: 'inside',
  connections: { loki, 'otel-collector': { notAsked: 'on no Service' } },
  timeoutSeconds,
  answerSeconds: 1,
});

/** A port that nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('what opens a moment later is waited for', async () => {
  const port = await freePort();
  const server = createServer((socket) => socket.destroy());
  const late = sleep(400).then(() => server.listen(port, '127.0.0.1'));
  await warmUp(reachOf({ url: `http://127.0.0.1:${port}` }, 10));
  expect(server.listening).toBe(true);
  await late;
  server.close();
});

test('what never opens is left to the examination', async () => {
  const start = Date.now();
  await warmUp(reachOf({ url: 'http://127.0.0.1:1' }, 1));
  const seconds = (Date.now() - start) / 1000;
  expect(seconds).toBeGreaterThan(0.9);
});
