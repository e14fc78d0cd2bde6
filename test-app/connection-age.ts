import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Ends connections that are older, each with an answer that says so. A Service chooses a pod for each
 * connection, so clients that keep theirs for ever would never find new replicas.
 */
export function limitConnectionAge(server: Server, maxAgeMs: number): void {
  const openedAt = new WeakMap<Socket, number>();
  server.on('connection', (socket) => openedAt.set(socket, performance.now()));
  server.prependListener('request', ({ socket }, response) => {
    const age = performance.now() - (openedAt.get(socket) ?? 0);
    if (age > maxAgeMs) response.setHeader('connection', 'close');
  });
}
