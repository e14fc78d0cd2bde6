/** An OTLP receiver that discards all telemetry, in its own process so that its CPU is not counted. */
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
// Reports the received bytes by path since the last message.
process.on('message', () => {
  process.send?.({ ...received });
  for (const path of Object.keys(received)) delete received[path];
});
