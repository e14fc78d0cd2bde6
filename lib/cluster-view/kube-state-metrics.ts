import type { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { goMemoryLimit } from '../kubernetes/pod.ts';
import { Workload } from '../kubernetes/workload.ts';
import { images } from '../model/images.ts';
import { viewPorts } from '../model/topology.ts';
import type { Resources } from '../settings/common.ts';
import type { Platform } from '../settings/platform.ts';
import { kubeMetrics } from '../telemetry/cluster.ts';

export interface KubeStateMetricsProps {
  readonly platform: Platform;
  readonly settings: Resources;
}

/** What it watches, by API group; what is not here it may not see. Never Secrets or ConfigMaps. */
const watched: Readonly<Record<string, readonly string[]>> = {
  '': ['nodes', 'persistentvolumeclaims', 'pods'],
  apps: ['daemonsets', 'deployments', 'statefulsets'],
  batch: ['jobs'],
};

/** Each is an expression that would also let longer names in. */
const allowed = Object.values(kubeMetrics)
  .map((name) => `^${name}$`)
  .join(',');

/** The state of workloads as metrics, which Prometheus scrapes. */
export class KubeStateMetrics extends Construct {
  constructor(scope: Construct, id: string, { platform, settings }: KubeStateMetricsProps) {
    super(scope, id);
    const { http, telemetry } = viewPorts['kube-state-metrics'];
    const rules: k8s.PolicyRule[] = Object.entries(watched).map(([group, resources]) => ({
      apiGroups: [group],
      resources: [...resources],
      verbs: ['list', 'watch'],
    }));
    new Workload(this, 'workload', {
      name: 'kube-state-metrics',
      role: 'kube-state-metrics',
      image: images.kubeStateMetrics,
      platform,
      resources: settings,
      ports: [http, telemetry],
      args: [
        `--port=${http.number}`,
        `--telemetry-port=${telemetry.number}`,
        `--resources=${Object.values(watched).flat().sort().join(',')}`,
        `--metric-allowlist=${allowed}`,
      ],
      env: [goMemoryLimit(settings)],
      ready: { port: telemetry, path: '/readyz' },
      // Not /livez, which fails while the API server is away: a restart would not bring that back.
      live: { port: http, path: '/healthz' },
      startupSeconds: 60,
      clusterRules: rules,
    });
  }
}
