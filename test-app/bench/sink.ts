/** A collector that throws everything away, in a process of its own so that its CPU is not counted. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const received: Record<string, number> = {};

const server = createServer((request, response) => {
  request.on('data', (chunk: Buffer) => {
    received[request.url ?? ''] = (received[request.url ?? ''] ?? 0) + chunk.length;
  });
  request.on('end', () => response.end());
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
// Asked after each variant: how much came of each signal since the last time.
process.on('message', () => {
  process.send?.({ ...received });
  for (const path of Object.keys(received)) delete received[path];
});
