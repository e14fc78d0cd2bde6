import { dashboardUids } from '../lib/model/uids.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { kubeMetrics as kube, nodeHostMetrics as node } from '../lib/telemetry/cluster.ts';
import { eventAttributes, eventService } from '../lib/telemetry/logs.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import { dashboard } from './panels/dashboard.ts';
import type { DataLink } from './panels/links.ts';
import { logs, perSecond, stat, timeseries } from './panels/panels.ts';
import { logql, promql } from './panels/queries.ts';
import { podVariables } from './panels/variables.ts';

const selectedNamespaces = 'namespace=~"$namespace"';
const selectedPods = `${selectedNamespaces}, pod=~"$pod"`;
const nodeName = label(attributes.k8sNodeName);
const [serviceName, namespaceName, podName, iostream] = [
  label(attributes.serviceName),
  label(attributes.k8sNamespaceName),
  label(attributes.k8sPodName),
  label(attributes.logIostream),
];
const reason = label(eventAttributes.reason);

/** Desired replicas that are not ready, of one kind of workload. */
const missing = (kind: string, desired: string, ready: string) =>
  `sum by (namespace, ${kind}) (${desired}{${selectedNamespaces}} - ${ready}{${selectedNamespaces}})`;
const missingReplicas = {
  deployment: missing('deployment', kube.deploymentDesired, kube.deploymentReady),
  statefulset: missing('statefulset', kube.statefulSetDesired, kube.statefulSetReady),
  daemonset: missing('daemonset', kube.daemonSetDesired, kube.daemonSetReady),
};

const cpuTime = prometheusName(node.cpuTime);
const cpuUsage = `1 - sum by (${nodeName}) (rate(${cpuTime}{state="idle"}[$__rate_interval])) / sum by (${nodeName}) (rate(${cpuTime}[$__rate_interval]))`;
const usage = (available: string, of: string) =>
  `1 - max by (${nodeName}) (${available}) / max by (${nodeName}) (${of})`;
const requestedShare = (resource: string) =>
  `sum by (node) (${kube.containerRequests}{resource="${resource}"}) / sum by (node) (${kube.nodeAllocatable}{resource="${resource}"})`;

const events = `{${serviceName}="${eventService}"} | ${namespaceName}=~"$namespace" | ${podName}=~"$pod"`;
/** Container logs; log records that apps send by OTLP have no log.iostream. */
const podLogs = `{${serviceName}=~".+", ${namespaceName}=~"$namespace"} | ${iostream}=~"stdout|stderr" | ${podName}=~"$pod" |~ "(?i)$filter"`;

const onlyThisPod: DataLink = {
  title: 'Only this pod',
  url: `/d/${dashboardUids.cluster}?var-namespace=\${__field.labels.namespace}&var-pod=\${__field.labels.pod}&\${__url_time_range}`,
  targetBlank: false,
};

/**
 * Workloads, nodes, events and container logs of the cluster; only deployed with the cluster view.
 */
export const clusterDashboard = dashboard({
  filename: import.meta.filename,
  uid: dashboardUids.cluster,
  title: 'Cluster',
  description:
    'Workloads, nodes, events and container logs. Part of the cluster view, which is off by default.',
  variables: podVariables,
  rows: [
    {
      title: 'Overview',
      panels: [
        stat({
          title: 'Nodes not ready',
          description:
            'Should be 0. Pods are evicted from a node that is not ready, and none are scheduled there.',
          thresholds: [1, 1],
          decimals: 0,
          width: 6,
          queries: [promql(`sum(${kube.nodeCondition}{condition="Ready", status!="true"})`)],
        }),
        stat({
          title: 'Pods not running',
          description:
            'Pods in phase Pending, Failed or Unknown. See the events below for the reason.',
          thresholds: [1, 5],
          decimals: 0,
          width: 6,
          queries: [
            promql(`sum(${kube.podPhase}{${selectedNamespaces}, phase=~"Pending|Failed|Unknown"})`),
          ],
        }),
        stat({
          title: 'Replicas not ready',
          description: 'Desired replicas of all workloads that are not ready.',
          thresholds: [1, 5],
          decimals: 0,
          width: 6,
          queries: [
            promql(
              Object.values(missingReplicas)
                .map((each) => `(sum(${each}) or vector(0))`)
                .join(' + '),
            ),
          ],
        }),
        stat({
          title: 'Restarts in the last hour',
          description:
            'Restarts of all containers. Many restarts of one container mean that it crashes repeatedly.',
          thresholds: [3, 10],
          decimals: 0,
          width: 6,
          queries: [promql(`sum(increase(${kube.containerRestarts}{${selectedPods}}[1h]))`)],
        }),
      ],
    },
    {
      title: 'Workloads',
      panels: [
        timeseries({
          title: 'Pods by phase',
          description: 'Number of pods in each phase.',
          width: 12,
          stacked: true,
          colors: { Running: 'green', Succeeded: 'blue', Pending: 'yellow', Failed: 'red' },
          queries: [promql(`sum by (phase) (${kube.podPhase}{${selectedPods}}) > 0`, '{{phase}}')],
        }),
        timeseries({
          title: 'Restarts',
          description: 'The ten pods with the most container restarts within five minutes.',
          width: 12,
          links: [onlyThisPod],
          queries: [
            promql(
              `topk(10, sum by (namespace, pod) (increase(${kube.containerRestarts}{${selectedPods}}[5m])))`,
              '{{namespace}}/{{pod}}',
            ),
          ],
        }),
        timeseries({
          title: 'Replicas not ready by workload',
          description:
            'Desired replicas that are not ready. Above 0 for a short time during every rollout.',
          width: 12,
          queries: Object.entries(missingReplicas).map(([kind, query]) =>
            promql(query, `{{namespace}}/${kind}/{{${kind}}}`),
          ),
        }),
        timeseries({
          title: 'Requests of allocatable',
          description:
            'CPU and memory requests of pods, as a percentage of what is allocatable on their node. At 100 % new pods stay pending.',
          unit: 'percentunit',
          axisMax: 1,
          width: 12,
          queries: [
            promql(requestedShare('cpu'), 'CPU of {{node}}'),
            promql(requestedShare('memory'), 'memory of {{node}}'),
          ],
        }),
      ],
    },
    {
      title: 'Nodes',
      panels: [
        timeseries({
          title: 'CPU in use',
          description: 'Percentage of the CPU time of a node that was not idle.',
          unit: 'percentunit',
          axisMax: 1,
          width: 8,
          queries: [promql(cpuUsage, `{{${nodeName}}}`)],
        }),
        timeseries({
          title: 'Memory in use',
          description:
            'Percentage of the memory of a node that is not available. Above 90 % the kernel may kill processes.',
          unit: 'percentunit',
          axisMax: 1,
          width: 8,
          queries: [
            promql(
              usage(prometheusName(node.memoryAvailable), prometheusName(node.memoryLimit)),
              `{{${nodeName}}}`,
            ),
          ],
        }),
        timeseries({
          title: 'File system in use',
          description:
            'Usage of the file system with pods and their logs. Above 85 % the kubelet starts to evict pods.',
          unit: 'percentunit',
          axisMax: 1,
          width: 8,
          queries: [
            promql(
              usage(
                prometheusName(node.filesystemAvailable),
                prometheusName(node.filesystemCapacity),
              ),
              `{{${nodeName}}}`,
            ),
          ],
        }),
        timeseries({
          title: 'Load per processor',
          description: 'Runnable threads per processor. Above 1 threads wait.',
          width: 12,
          queries: [
            promql(
              `max by (${nodeName}) (${prometheusName(node.load1m)}) / max by (${nodeName}) (${prometheusName(node.cpuCount)})`,
              `{{${nodeName}}}`,
            ),
          ],
        }),
        timeseries({
          title: 'Disk',
          description: 'Bytes read from and written to the disks of each node.',
          unit: 'Bps',
          width: 12,
          queries: [
            promql(
              `sum by (${nodeName}, direction) (rate(${prometheusName(node.diskIo)}[$__rate_interval]))`,
              `{{direction}} {{${nodeName}}}`,
            ),
          ],
        }),
      ],
    },
    {
      title: 'Events and container logs',
      panels: [
        timeseries({
          title: 'Events by reason',
          description: 'Kubernetes events per minute.',
          width: 12,
          stacked: true,
          queries: [logql(`sum by (${reason}) (count_over_time(${events} [1m]))`, `{{${reason}}}`)],
        }),
        timeseries({
          title: 'Log lines by namespace',
          description: 'Lines of container logs per second.',
          unit: perSecond('lines'),
          width: 12,
          stacked: true,
          queries: [
            logql(`sum by (${namespaceName}) (rate(${podLogs} [$__auto]))`, `{{${namespaceName}}}`),
          ],
        }),
        logs({
          title: 'Events',
          description: 'Newest events of the selected pods, and of nodes.',
          width: 24,
          source: reason,
          empty: 'No event in this time range',
          queries: [logql(events)],
        }),
        logs({
          title: 'Pod logs',
          description: 'Newest lines of container logs. A line with a trace id links to its trace.',
          width: 24,
          source: podName,
          queries: [logql(podLogs)],
        }),
      ],
    },
  ],
});
