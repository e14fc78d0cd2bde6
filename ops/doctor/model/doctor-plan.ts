import { logAlerts, metricAlerts } from '../../../alerts/index.ts';
import { host } from '../../../lib/model/addresses.ts';
import { basePathOf } from '../../../lib/model/base-path.ts';
import { enabledServices } from '../../../lib/model/parts.ts';
import type { ServiceName } from '../../../lib/model/ports.ts';
import { doctorEdgesOf, type Endpoint, endpoints } from '../../../lib/model/topology.ts';
import type { Settings } from '../../../lib/schema.ts';
import {
  type CheckedEndpoint,
  type Connection,
  externalAccess,
  type StackAccess,
} from './access.ts';

/** The input of the doctor's pod. */
export interface DoctorPlan {
  readonly expected: ExpectedStack;
  /** Without the login, which the pod reads from the Secret. */
  readonly access: Omit<StackAccess, 'grafanaLogin'>;
}

/** A pod reaches each service by the DNS name of its Service only. */
export function doctorPlan(settings: Settings, timeoutSeconds: number): DoctorPlan {
  const byService = doctorEdgesOf(settings).map(({ to }): [CheckedEndpoint, Connection] => {
    const { service, port }: Endpoint = endpoints[to];
    const path = basePathOf(service, settings);
    return [to, { url: `http://${host(service, settings)}:${port.number}${path}` }];
  });
  return {
    expected: expectedStack(settings),
    access: {
      from: 'inside',
      externalStores: externalAccess(settings),
      connections: {
        ...Object.fromEntries(byService),
        'otel-collector': {
          skipReason: 'no Service exposes its health port; the pipeline checks cover it',
        },
      },
      ...timeouts(timeoutSeconds),
    },
  };
}

/** A request may take a third of the time of its check, which leaves time for retries. */
export function timeouts(timeoutSeconds: number) {
  return { timeoutSeconds, requestTimeoutMs: Math.ceil(timeoutSeconds / 3) * 1000 };
}

/** What a healthy stack consists of. Plain data, so that it can be sent to a pod. */
export function expectedStack(settings: Settings) {
  const { queueUsage, volumeUsage } = settings.alerts;
  const { sampling } = settings.collector;
  const names = (alerts: readonly { alert: string }[]) => alerts.map(({ alert }) => alert);
  return {
    namespace: settings.namespace,
    services: enabledServices(settings),
    alerts: {
      prometheus: names(metricAlerts(settings)),
      loki: names(logAlerts(settings)),
    } as Readonly<Partial<Record<ServiceName, readonly string[]>>>,
    /** The shares at which CollectorQueueFilling and VolumeAlmostFull fire. */
    limits: { queue: queueUsage, volume: volumeUsage },
    /** How long the collector holds a trace before it decides whether to keep it, in seconds. */
    decisionWait: sampling.mode === 'tail' ? sampling.decisionWait.toSeconds() : 0,
  };
}

export type ExpectedStack = ReturnType<typeof expectedStack>;
