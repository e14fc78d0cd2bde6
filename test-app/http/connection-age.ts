import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Closes older connections after their next response. A Service selects a pod for each connection, so
 * clients with permanent connections would never use new replicas.
 */
export function limitConnectionAge(server: Server, maxAgeMs: number): void {
  const openedAt = new WeakMap<Socket, number>();
  server.on('connection', (socket) => openedAt.set(socket, performance.now()));
  server.prependListener('request', ({ socket }, response) => {
    const age = performance.now() - (openedAt.get(socket) ?? 0);
    if (age > maxAgeMs) response.setHeader('connection', 'close');
  });
}
