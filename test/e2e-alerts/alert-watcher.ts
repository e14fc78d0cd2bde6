import type { Session } from '../../ops/cluster/session.ts';
import { forwardTo } from '../../ops/connections/endpoint-urls.ts';
import type { Forward } from '../../ops/connections/port-forward.ts';
import { findAlerts } from '../../ops/stores/alertmanager.ts';
import { activeAlerts } from '../../ops/stores/prometheus.ts';
import type { AlertReceiver } from './alert-receiver.ts';
import type { Observation, Timeline } from './timeline.ts';

const stores = ['prometheus', 'loki', 'alertmanager', 'otlpHttp'] as const;

type WatchedUrls = Readonly<Record<(typeof stores)[number], string>>;

/** Observes the alerting pipeline through port-forwards; reconnects when a pod is replaced. */
export class AlertWatcher {
  private readonly session: Session;
  private forwards: readonly Forward[] = [];

  constructor(session: Session) {
    this.session = session;
  }

  /** Opens the port-forwards if there are none. */
  async urls(): Promise<WatchedUrls> {
    if (this.forwards.length === 0) {
      this.forwards = await Promise.all(stores.map((name) => forwardTo(this.session, name)));
    }
    const pairs = stores.map((name, index) => [name, this.forwards[index]?.url]);
    return Object.fromEntries(pairs) as WatchedUrls;
  }

  async disconnect(): Promise<void> {
    const opened = this.forwards;
    this.forwards = [];
    await Promise.all(opened.map((each) => each.close()));
  }

  /** Undefined while a store does not answer. */
  async observe(
    receiver: AlertReceiver,
    timelines: readonly Timeline[],
  ): Promise<Observation | undefined> {
    try {
      const { prometheus, loki, alertmanager } = await this.urls();
      const expectedInhibited = timelines.filter(({ expected }) => expected.inhibited);
      const [metrics, logs, received, ...alerts] = await Promise.all([
        activeAlerts(prometheus),
        activeAlerts(loki, '/prometheus'),
        receiver.received(),
        ...expectedInhibited.map(({ expected }) => findAlerts(alertmanager, expected.alert)),
      ]);
      return {
        at: Date.now(),
        active: [...metrics, ...logs],
        received,
        inhibited: alerts
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
