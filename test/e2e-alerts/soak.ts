import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../../ops/cluster/session.ts';
import { UserError } from '../../ops/process/errors.ts';
import { print } from '../../ops/process/output.ts';
import { activeAlerts } from '../../ops/stores/prometheus.ts';
import { AlertWatcher } from './alert-watcher.ts';

const minutes = 10;
const everySeconds = 5;

/** Observes a healthy cluster: only the Watchdog may fire, and every store must answer. */
export async function soak(session: Session): Promise<void> {
  const watcher = new AlertWatcher(session);
  const [firing, pending] = [new Set<string>(), new Set<string>()];
  const end = Date.now() + minutes * 60_000;
  let observations = 0;
  print(`observing for ${minutes} minutes`);
  try {
    for (; Date.now() < end; observations++) {
      const { prometheus, loki } = await watcher.urls();
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
    await watcher.disconnect();
  }
  print(
    `${observations} observations in ${minutes} minutes; firing: ${list(firing)}; pending: ${list(pending)}`,
  );
  if (list(firing) !== 'Watchdog') throw new UserError('only the Watchdog may fire here');
}

const list = (names: ReadonlySet<string>) => [...names].join(', ') || 'none';
