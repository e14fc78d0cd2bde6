import { type Edge, enabledServices, endpoints } from './topology.ts';
import type { TopologySettings } from './topology-settings.ts';

/**
 * The edges that `make doctor INSIDE=1` adds while it runs. No manifest of the stack contains them,
 * so at all other times the NetworkPolicies allow no connection from a doctor pod.
 */
const doctorEdges = [
  { from: 'doctor', to: 'otlpGrpc', purpose: 'sends telemetry, as apps do' },
  { from: 'doctor', to: 'otlpHttp', purpose: 'sends telemetry, as apps do' },
  { from: 'doctor', to: 'collectorMetrics', purpose: "reads the collector's own metrics" },
  ...(
    [
      'prometheus',
      'alertmanager',
      'loki',
      'tempo',
      'grafana',
      'shop',
      'orders',
      'inventory',
      'payments',
    ] as const
  ).map((to) => ({ from: 'doctor', to, purpose: 'checks readiness and queries the API' }) as const),
] as const satisfies readonly Edge[];

/** The doctor's edges to the services that these settings deploy. */
export function doctorEdgesOf(settings: TopologySettings): (typeof doctorEdges)[number][] {
  const enabled = enabledServices(settings);
  return doctorEdges.filter(({ to }) => enabled.includes(endpoints[to].service));
}
