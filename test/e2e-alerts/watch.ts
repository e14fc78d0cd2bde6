import type { Session } from '../../ops/cluster/session.ts';
import { forwardTo } from '../../ops/connections/connections.ts';
import type { Forward } from '../../ops/connections/port-forward.ts';
import { knownAlerts } from '../../ops/stores/alertmanager.ts';
import { activeAlerts } from '../../ops/stores/prometheus.ts';
import type { Receiver } from './receiver.ts';
import type { Moment, Timeline } from './timeline.ts';

const stores = ['prometheus', 'loki', 'alertmanager', 'otlpHttp'] as const;

export type Urls = Readonly<Record<(typeof stores)[number], string>>;

/** Eyes on everything that alerts pass through; pods that are replaced do not close them. */
export class Watch {
  private readonly session: Session;
  private forwards: readonly Forward[] = [];

  constructor(session: Session) {
    this.session = session;
  }

  /** Connections end with the pods that they lead to, so they are opened anew when one fails. */
  async urls(): Promise<Urls> {
    if (this.forwards.length === 0) {
      this.forwards = await Promise.all(stores.map((name) => forwardTo(this.session, name)));
    }
    const pairs = stores.map((name, index) => [name, this.forwards[index]?.url]);
    return Object.fromEntries(pairs) as Urls;
  }

  async disconnect(): Promise<void> {
    const open = this.forwards;
    this.forwards = [];
    await Promise.all(open.map((each) => each.close()));
  }

  /** What is active, told and silenced now; nothing while a store does not answer. */
  async look(receiver: Receiver, lines: readonly Timeline[]): Promise<Moment | undefined> {
    try {
      const { prometheus, loki, alertmanager } = await this.urls();
      const silenced = lines.filter(({ expected }) => expected.silenced);
      const [metrics, logs, received, ...known] = await Promise.all([
        activeAlerts(prometheus),
        activeAlerts(loki, '/prometheus'),
        receiver.received(),
        ...silenced.map(({ expected }) => knownAlerts(alertmanager, expected.alert)),
      ]);
      return {
        at: Date.now(),
        active: [...metrics, ...logs],
        received,
        silenced: known
          .flat()
          .filter(({ status }) => status.inhibitedBy.length > 0)
          .map(({ labels }) => labels),
      };
    } catch {
      await this.disconnect();
      return undefined;
    }
  }
}
