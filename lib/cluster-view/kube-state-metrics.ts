import type { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { goMemoryLimit } from '../kubernetes/resources.ts';
import { Workload } from '../kubernetes/workload.ts';
import { images } from '../model/images.ts';
import { ports, services } from '../model/ports.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import type { Resources } from '../settings/common.ts';
import type { Platform } from '../settings/platform.ts';
import { kubeMetrics } from '../telemetry/cluster.ts';

export interface KubeStateMetricsProps {
  readonly platform: Platform;
  readonly settings: Resources;
}

/** The resources that it may list and watch, by API group. Never Secrets or ConfigMaps. */
const watchedResources: Readonly<Record<string, readonly string[]>> = {
  '': ['nodes', 'persistentvolumeclaims', 'pods', 'resourcequotas'],
  apps: ['daemonsets', 'deployments', 'statefulsets'],
  autoscaling: ['horizontalpodautoscalers'],
  batch: ['jobs'],
};

/** Anchored, because each entry is a regular expression. */
const metricAllowlist = Object.values(kubeMetrics)
  .map((name) => `^${name}$`)
  .join(',');

/** kube-state-metrics: metrics of the state of workloads, which Prometheus scrapes. */
export class KubeStateMetrics extends Construct {
  constructor(scope: Construct, id: string, { platform, settings }: KubeStateMetricsProps) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const { http, telemetry } = ports['kube-state-metrics'];
    const rules: k8s.PolicyRule[] = Object.entries(watchedResources).map(([group, resources]) => ({
      apiGroups: [group],
      resources: [...resources],
      verbs: ['list', 'watch'],
    }));
    new Workload(this, 'workload', {
      kind: 'deployment',
      name: 'kube-state-metrics',
      component: 'kube-state-metrics',
      image: images.kubeStateMetrics,
      platform,
      resources: settings,
      ports: [http, telemetry],
      args: [
        `--port=${http.number}`,
        `--telemetry-port=${telemetry.number}`,
        `--resources=${Object.values(watchedResources).flat().sort().join(',')}`,
        `--metric-allowlist=${metricAllowlist}`,
      ],
      env: [goMemoryLimit(settings)],
      readinessProbe: { port: telemetry, path: services['kube-state-metrics'].readyPath },
      // Not /livez, which fails while the API server is unavailable: a restart would not fix that.
      livenessProbe: { port: http, path: '/healthz' },
      startupDeadlineSeconds: 60,
      clusterRoleRules: rules,
    });
  }
}
