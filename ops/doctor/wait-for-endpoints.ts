import { connect } from 'node:net';
import { RetryLater, retryUntil } from '../process/retry.ts';
import type { StackAccess } from './model/access.ts';

/** How long a network plugin may take to apply NetworkPolicies to a new pod. */
const maxSeconds = 10;

/**
 * Waits until every endpoint accepts a connection, because NetworkPolicies apply to a pod a moment
 * after it starts. Endpoints that stay unreachable are left to the checks.
 */
export async function waitForEndpoints(access: Omit<StackAccess, 'grafanaLogin'>): Promise<void> {
  const urls = Object.values(access.connections).flatMap((each) =>
    'url' in each ? [each.url] : [],
  );
  await Promise.allSettled(
    urls.map((url) =>
      retryUntil(
        `a connection to ${url}`,
        () => tryConnect(new URL(url), access.requestTimeoutMs),
        {
          timeoutSeconds: Math.min(access.timeoutSeconds, maxSeconds),
          intervalMs: 200,
        },
      ),
    ),
  );
}

function tryConnect({ hostname, port }: URL, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: timeoutMs });
    const end = (settle: () => void) => {
      socket.destroy();
      settle();
    };
    socket.once('connect', () => end(resolve));
    socket.once('timeout', () => end(() => reject(new RetryLater('no answer'))));
    socket.once('error', (error) => end(() => reject(error)));
  });
}
