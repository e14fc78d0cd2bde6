import { logAlerts, metricAlerts } from '../../../alerts/index.ts';
import { type Component, enabledServices } from '../../../lib/model/topology.ts';
import type { Settings } from '../../../lib/schema.ts';

/** How a stack should be. Plain data, so that it can be handed to a pod. */
export interface Expected {
  readonly namespace: string;
  /** All that is deployed. */
  readonly components: readonly Component[];
  /** The names of the alerts that each evaluator should have. */
  readonly alerts: Readonly<Record<'prometheus' | 'loki', readonly string[]>>;
  /** The shares at which CollectorQueueFilling and VolumeAlmostFull fire. */
  readonly limits: { readonly queue: number; readonly volume: number };
  /** How long the collector holds a trace before it decides whether to keep it, in seconds. */
  readonly decisionWait: number;
}

/** What these settings deploy. */
export function expectedOf(settings: Settings): Expected {
  const { queue, volume } = settings.alerts;
  const { sampling } = settings.collector;
  const names = (alerts: readonly { alert: string }[]) => alerts.map(({ alert }) => alert);
  return {
    namespace: settings.namespace,
    components: enabledServices(settings),
    alerts: {
      prometheus: names(metricAlerts(settings)),
      loki: names(logAlerts(settings)),
    },
    limits: { queue, volume },
    decisionWait: sampling.mode === 'tail' ? sampling.decisionWait.toSeconds() : 0,
  };
}
