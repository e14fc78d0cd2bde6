import type { Settings } from '../lib/schema.ts';
import { written } from '../lib/settings/units.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { kubeMetrics as kube, nodeHostMetrics as node } from '../lib/telemetry/cluster.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import type { AlertRule, RuleGroup } from './rule.ts';

const nodeName = label(attributes.k8sNodeName);

/** Alerts about nodes and workloads, whoever they belong to; only with the cluster view. */
export function clusterRules(settings: Settings): RuleGroup[] {
  return [{ name: 'cluster', rules: [...nodeAlerts(settings), ...workloadAlerts(settings)] }];
}

function nodeAlerts({ alerts }: Settings): AlertRule[] {
  const [available, capacity] = [node.filesystemAvailable, node.filesystemCapacity].map((metric) =>
    [`max by (${nodeName}) (`, prometheusName(metric), ')'].join(''),
  );
  const common = { severity: 'critical', component: 'node', dashboard: 'cluster' } as const;
  return [
    {
      ...common,
      alert: 'NodeNotReady',
      panel: 'Nodes not ready',
      expr: `max by (node) (${kube.nodeCondition}{condition="Ready", status="true"}) == 0`,
      for: alerts.stackFor,
      summary: 'Node {{ $labels.node }} is not ready',
      description: `Node {{ $labels.node }} has not been ready for ${written(alerts.stackFor)}; its pods are moved or lost.`,
    },
    {
      ...common,
      alert: 'NodeFilesystemFull',
      panel: 'File system in use',
      expr: `1 - ${available} / ${capacity} > ${alerts.volume}`,
      for: alerts.stackFor,
      summary: `The file system of node {{ $labels.${nodeName} }} is almost full`,
      description: `The file system of node {{ $labels.${nodeName} }} is {{ $value | humanizePercentage }} full. The kubelet evicts pods to make room.`,
    },
  ];
}

function workloadAlerts({ alerts }: Settings): AlertRule[] {
  const common = { severity: 'warning', component: 'workload', dashboard: 'cluster' } as const;
  // As one label, so that one alert can speak of all kinds.
  const missing = (kind: string, wanted: string, ready: string) =>
    `label_replace(${wanted} - ${ready}, "workload", "${kind}/$1", "${kind}", "(.+)")`;
  const replicas = [
    missing('deployment', kube.deploymentWanted, kube.deploymentReady),
    missing('statefulset', kube.statefulSetWanted, kube.statefulSetReady),
    missing('daemonset', kube.daemonSetWanted, kube.daemonSetReady),
  ];
  return [
    {
      ...common,
      alert: 'PodCrashLooping',
      panel: 'Restarts',
      // Between two waits it runs for a moment.
      expr: `sum by (namespace, pod, container) (max_over_time(${kube.containerWaiting}{reason="CrashLoopBackOff"}[${written(alerts.window)}]) and on (namespace, pod, container) increase(${kube.containerRestarts}[1h]) > 0) > 0`,
      for: alerts.for,
      summary: 'A container of pod {{ $labels.pod }} crashes again and again',
      description:
        'Container {{ $labels.container }} of pod {{ $labels.pod }} in namespace {{ $labels.namespace }} ends soon after each start.',
    },
    {
      ...common,
      alert: 'WorkloadNotReady',
      panel: 'Replicas that are not ready',
      expr: `sum by (namespace, workload) (${replicas.join(' or ')}) > 0`,
      for: alerts.for,
      summary: '{{ $labels.workload }} in {{ $labels.namespace }} has too few replicas',
      description: `{{ $labels.workload }} in namespace {{ $labels.namespace }} lacks {{ $value }} ready replicas for ${written(alerts.for)}.`,
    },
  ];
}
