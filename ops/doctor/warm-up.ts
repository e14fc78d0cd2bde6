import { connect } from 'node:net';
import { NotYet, retryUntil } from '../process/retry.ts';
import { answerMs, type Reach } from './model/reach.ts';

/** How long a new pod may be cut off because a network plugin has not heard of it. */
const atMostSeconds = 10;

/**
 * Waits until every place takes a connection. A NetworkPolicy reaches its pods a moment after they
 * start, and what fails in this moment says nothing. Whoever cannot be reached by then is left to
 * the examination.
 */
export async function warmUp(reach: Omit<Reach, 'login'>): Promise<void> {
  const urls = Object.values(reach.connections).flatMap((each) =>
    'url' in each ? [each.url] : [],
  );
  await Promise.allSettled(
    urls.map((url) =>
      retryUntil(`a connection to ${url}`, () => open(new URL(url), answerMs(reach)), {
        timeoutSeconds: Math.min(reach.timeoutSeconds, atMostSeconds),
        everyMs: 200,
      }),
    ),
  );
}

function open({ hostname, port }: URL, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: timeoutMs });
    const end = (settle: () => void) => {
      socket.destroy();
      settle();
    };
    socket.once('connect', () => end(resolve));
    socket.once('timeout', () => end(() => reject(new NotYet('no answer'))));
    socket.once('error', (error) => end(() => reject(error)));
  });
}
