import { Duration } from 'cdk8s';
import { sourceFile } from '../lib/model/source.ts';
import type { Settings } from '../lib/schema.ts';
import { formatDuration } from '../lib/settings/units.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { kubeMetrics as kube, nodeHostMetrics as node } from '../lib/telemetry/cluster.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import { stackMetrics } from '../lib/telemetry/stack.ts';
import { ownSeries } from './promql.ts';
import type { AlertRule, RuleGroup } from './rule.ts';
import { workloadAlerts } from './workloads.ts';

export const clusterRulesSource = sourceFile(import.meta.filename);

const nodeName = label(attributes.k8sNodeName);

/** How long before its end a certificate should have been renewed. */
const certificateNotice = Duration.days(7);

/** Alerts on nodes and on workloads of all namespaces; only with the cluster view. */
export function clusterRules(settings: Settings): RuleGroup[] {
  return [{ name: 'cluster', rules: [...nodeAlerts(settings), ...workloadAlerts(settings)] }];
}

function nodeAlerts({ alerts }: Settings): AlertRule[] {
  const [available, capacity] = [node.filesystemAvailable, node.filesystemCapacity].map(
    (metric) => `max by (${nodeName}) (${ownSeries(prometheusName(metric))})`,
  );
  const common = { severity: 'critical', component: 'node', dashboard: 'nodes' } as const;
  return [
    {
      ...common,
      alert: 'NodeNotReady',
      dashboard: 'cluster',
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
    {
      ...common,
      alert: 'NodePressure',
      panel: 'Pressure',
      expr: `max by (node, condition) (${ownSeries(kube.nodeCondition, 'condition=~".*Pressure"', 'status="true"')}) == 1`,
      for: alerts.stackPending,
      severity: 'warning',
      summary: 'Node {{ $labels.node }} has {{ $labels.condition }}',
      description: `Node {{ $labels.node }} has had the condition {{ $labels.condition }} for ${formatDuration(alerts.stackPending)}. The kubelet evicts pods, and none are scheduled there.`,
    },
    {
      ...common,
      alert: 'KubeletCertificateExpiring',
      panel: 'Client certificate of the kubelet',
      expr: `min by (node) (${ownSeries(stackMetrics.kubeletCertificateTtl)}) < ${certificateNotice.toSeconds()}`,
      for: alerts.pending,
      severity: 'warning',
      summary: 'The certificate of the kubelet on {{ $labels.node }} expires soon',
      description:
        'The client certificate of the kubelet on node {{ $labels.node }} expires in {{ $value | humanizeDuration }}, and was not renewed.',
    },
  ];
}
