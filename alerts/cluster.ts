import { sourceFile } from '../lib/model/source.ts';
import type { Settings } from '../lib/schema.ts';
import { formatDuration } from '../lib/settings/units.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { kubeMetrics as kube, nodeHostMetrics as node } from '../lib/telemetry/cluster.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import { ownSeries } from './promql.ts';
import type { AlertRule, RuleGroup } from './rule.ts';

export const clusterRulesSource = sourceFile(import.meta.filename);

const nodeName = label(attributes.k8sNodeName);

/** Alerts on nodes and on workloads of all namespaces; only with the cluster view. */
export function clusterRules(settings: Settings): RuleGroup[] {
  return [{ name: 'cluster', rules: [...nodeAlerts(settings), ...workloadAlerts(settings)] }];
}

function nodeAlerts({ alerts }: Settings): AlertRule[] {
  const [available, capacity] = [node.filesystemAvailable, node.filesystemCapacity].map(
    (metric) => `max by (${nodeName}) (${ownSeries(prometheusName(metric))})`,
  );
  const common = { severity: 'critical', component: 'node', dashboard: 'cluster' } as const;
  return [
    {
      ...common,
      alert: 'NodeNotReady',
      panel: 'Nodes not ready',
      expr: `max by (node) (${ownSeries(kube.nodeCondition, 'condition="Ready"', 'status="true"')}) == 0`,
      for: alerts.stackPending,
      summary: 'Node {{ $labels.node }} is not ready',
      description: `Node {{ $labels.node }} has not been ready for ${formatDuration(alerts.stackPending)}; its pods are evicted.`,
    },
    {
      ...common,
      alert: 'NodeFilesystemFull',
      panel: 'File system in use',
      expr: `1 - ${available} / ${capacity} > ${alerts.volumeUsage}`,
      for: alerts.stackPending,
      summary: `The file system of node {{ $labels.${nodeName} }} is almost full`,
      description: `The file system of node {{ $labels.${nodeName} }} is {{ $value | humanizePercentage }} full. The kubelet evicts pods to make room.`,
    },
  ];
}

function workloadAlerts({ alerts }: Settings): AlertRule[] {
  const common = { severity: 'warning', component: 'workload', dashboard: 'cluster' } as const;
  // One label for all kinds of workload, so that one alert covers them.
  const missing = (kind: string, desired: string, ready: string) =>
    `label_replace(${ownSeries(desired)} - ${ownSeries(ready)}, "workload", "${kind}/$1", "${kind}", "(.+)")`;
  const replicas = [
    missing('deployment', kube.deploymentDesired, kube.deploymentReady),
    missing('statefulset', kube.statefulSetDesired, kube.statefulSetReady),
    missing('daemonset', kube.daemonSetDesired, kube.daemonSetReady),
  ];
  return [
    {
      ...common,
      alert: 'PodCrashLooping',
      panel: 'Restarts',
      // The container runs for a moment between two back-offs.
      expr: `sum by (namespace, pod, container) (max_over_time(${ownSeries(kube.containerWaiting, 'reason="CrashLoopBackOff"')}[${formatDuration(alerts.window)}]) and on (namespace, pod, container) increase(${ownSeries(kube.containerRestarts)}[1h]) > 0) > 0`,
      for: alerts.pending,
      summary: 'A container of pod {{ $labels.pod }} is crash looping',
      description:
        'Container {{ $labels.container }} of pod {{ $labels.pod }} in namespace {{ $labels.namespace }} terminates soon after each start.',
    },
    {
      ...common,
      alert: 'WorkloadNotReady',
      panel: 'Replicas not ready by workload',
      expr: `sum by (namespace, workload) (${replicas.join(' or ')}) > 0`,
      for: alerts.pending,
      summary: '{{ $labels.workload }} in {{ $labels.namespace }} has too few replicas',
      description: `{{ $labels.workload }} in namespace {{ $labels.namespace }} lacks {{ $value }} ready replicas for ${formatDuration(alerts.pending)}.`,
    },
  ];
}
