import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../../ops/cluster/session.ts';
import { UserError } from '../../ops/process/errors.ts';
import { say } from '../../ops/process/output.ts';
import { activeAlerts } from '../../ops/stores/prometheus.ts';
import { Watch } from './watch.ts';

const minutes = 10;
const everySeconds = 5;

/** Looks on while nothing is wrong: only the Watchdog may fire, and an eye that closes is a failure. */
export async function soak(session: Session): Promise<void> {
  const watch = new Watch(session);
  const [firing, pending] = [new Set<string>(), new Set<string>()];
  const end = Date.now() + minutes * 60_000;
  let looks = 0;
  say(`looking on for ${minutes} minutes`);
  try {
    for (; Date.now() < end; looks++) {
      const { prometheus, loki } = await watch.urls();
      const found = await Promise.all([
        activeAlerts(prometheus),
        activeAlerts(loki, '/prometheus'),
      ]);
      for (const { labels, state } of found.flat()) {
        const { alertname = '', ...rest } = labels;
        (state === 'firing' ? firing : pending).add(
          alertname === 'Watchdog' ? alertname : `${alertname} ${JSON.stringify(rest)}`,
        );
      }
      await sleep(everySeconds * 1000);
    }
  } finally {
    await watch.disconnect();
  }
  say(`${looks} looks in ${minutes} minutes; firing: ${list(firing)}; pending: ${list(pending)}`);
  if (list(firing) !== 'Watchdog') throw new UserError('only the Watchdog may fire here');
}

const list = (names: ReadonlySet<string>) => [...names].join(', ') || 'none';
