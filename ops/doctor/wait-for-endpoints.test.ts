import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, StackAccess } from './model/access.ts';
import { waitForEndpoints } from './wait-for-endpoints.ts';

const reachOf = (loki: Connection, timeoutSeconds: number): Omit<StackAccess, 'grafanaLogin'> => ({
  from: 'inside',
  externalStores: {},
  connections: { loki, 'otel-collector': { skipReason: 'on no Service' } },
  timeoutSeconds,
  requestTimeoutMs: 1000,
});

/** An unused port. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('waits for a port that opens a moment later', async () => {
  const port = await freePort();
  const server = createServer((socket) => socket.destroy());
  const late = sleep(400).then(() => server.listen(port, '127.0.0.1'));
  await waitForEndpoints(reachOf({ url: `http://127.0.0.1:${port}` }, 10));
  expect(server.listening).toBe(true);
  await late;
  server.close();
});

test('gives up on a port that stays closed', async () => {
  const given = waitForEndpoints(reachOf({ url: 'http://127.0.0.1:1' }, 1));
  await expect(given).resolves.toBeUndefined();
});
