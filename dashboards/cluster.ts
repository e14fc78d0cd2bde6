import { dashboardUids } from '../lib/model/dashboard-uids.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { kubeMetrics as kube, nodeHostMetrics as node } from '../lib/telemetry/cluster.ts';
import { eventAttributes, eventService } from '../lib/telemetry/logs.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import { dashboard } from './panels/dashboard.ts';
import type { DataLink } from './panels/links.ts';
import { logs, stat, timeseries } from './panels/panels.ts';
import { logql, promql } from './panels/queries.ts';
import { podVariables } from './panels/variables.ts';

const inNamespace = 'namespace=~"$namespace"';
const ofPod = `${inNamespace}, pod=~"$pod"`;
const nodeName = label(attributes.k8sNodeName);
const [serviceName, namespaceName, podName, iostream] = [
  label(attributes.serviceName),
  label(attributes.k8sNamespaceName),
  label(attributes.k8sPodName),
  label(attributes.logIostream),
];
const reason = label(eventAttributes.reason);

/** Replicas that are wanted and not ready, of one kind of workload. */
const missing = (kind: string, wanted: string, ready: string) =>
  `sum by (namespace, ${kind}) (${wanted}{${inNamespace}} - ${ready}{${inNamespace}})`;
const missingReplicas = {
  deployment: missing('deployment', kube.deploymentWanted, kube.deploymentReady),
  statefulset: missing('statefulset', kube.statefulSetWanted, kube.statefulSetReady),
  daemonset: missing('daemonset', kube.daemonSetWanted, kube.daemonSetReady),
};

const cpuTime = prometheusName(node.cpuTime);
const busy = `1 - sum by (${nodeName}) (rate(${cpuTime}{state="idle"}[$__rate_interval])) / sum by (${nodeName}) (rate(${cpuTime}[$__rate_interval]))`;
const used = (available: string, of: string) =>
  `1 - max by (${nodeName}) (${available}) / max by (${nodeName}) (${of})`;
const requested = (resource: string) =>
  `sum by (node) (${kube.containerRequests}{resource="${resource}"}) / sum by (node) (${kube.nodeAllocatable}{resource="${resource}"})`;

const events = `{${serviceName}="${eventService}"} | ${namespaceName}=~"$namespace" | ${podName}=~"$pod"`;
/** What pods print; what apps send by OTLP has no such stream. */
const printed = `{${serviceName}=~".+", ${namespaceName}=~"$namespace"} | ${iostream}=~"stdout|stderr" | ${podName}=~"$pod" |~ "(?i)$filter"`;

const onlyThisPod: DataLink = {
  title: 'Only this pod',
  url: `/d/${dashboardUids.cluster}?var-namespace=\${__field.labels.namespace}&var-pod=\${__field.labels.pod}&\${__url_time_range}`,
  targetBlank: false,
};

/** What the cluster itself does: only deployed with the cluster view. */
export const cluster = dashboard({
  uid: dashboardUids.cluster,
  title: 'Cluster',
  description:
    'Workloads, nodes, events and what pods print. Part of the cluster view, which is off by default.',
  variables: podVariables,
  rows: [
    {
      title: 'Is something wrong?',
      panels: [
        stat({
          title: 'Nodes not ready',
          description: 'Should be 0. A node that is not ready gets no pods and loses its own.',
          thresholds: [1, 1],
          width: 6,
          queries: [promql(`sum(${kube.nodeCondition}{condition="Ready", status!="true"})`)],
        }),
        stat({
          title: 'Pods that do not run',
          description: 'Pending, failed or unknown. The events below say why.',
          thresholds: [1, 5],
          width: 6,
          queries: [
            promql(`sum(${kube.podPhase}{${inNamespace}, phase=~"Pending|Failed|Unknown"})`),
          ],
        }),
        stat({
          title: 'Missing replicas',
          description: 'Wanted and not ready, of all workloads.',
          thresholds: [1, 5],
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
          title: 'Restarts in an hour',
          description: 'Of all containers. Some come with every update; many are a crash loop.',
          thresholds: [3, 10],
          width: 6,
          queries: [promql(`sum(increase(${kube.containerRestarts}{${ofPod}}[1h]))`)],
        }),
      ],
    },
    {
      title: 'Workloads',
      panels: [
        timeseries({
          title: 'Pods by phase',
          description: 'How many pods are in each phase.',
          width: 12,
          stacked: true,
          colors: { Running: 'green', Succeeded: 'blue', Pending: 'yellow', Failed: 'red' },
          queries: [promql(`sum by (phase) (${kube.podPhase}{${ofPod}}) > 0`, '{{phase}}')],
        }),
        timeseries({
          title: 'Restarts',
          description: 'Of the containers that restart most, in five minutes.',
          width: 12,
          links: [onlyThisPod],
          queries: [
            promql(
              `topk(10, sum by (namespace, pod) (increase(${kube.containerRestarts}{${ofPod}}[5m])))`,
              '{{namespace}}/{{pod}}',
            ),
          ],
        }),
        timeseries({
          title: 'Replicas that are not ready',
          description: 'By workload. It is above 0 for a while with every update.',
          width: 12,
          queries: Object.entries(missingReplicas).map(([kind, query]) =>
            promql(query, `{{namespace}}/${kind}/{{${kind}}}`),
          ),
        }),
        timeseries({
          title: 'Requested of what there is',
          description:
            'CPU and memory that pods reserve, as a share of what their node can give. At 100 % new pods stay pending.',
          unit: 'percentunit',
          width: 12,
          queries: [
            promql(requested('cpu'), 'CPU of {{node}}'),
            promql(requested('memory'), 'memory of {{node}}'),
          ],
        }),
      ],
    },
    {
      title: 'Nodes',
      panels: [
        timeseries({
          title: 'CPU in use',
          description: 'Share of all processors of a node that were not idle.',
          unit: 'percentunit',
          width: 8,
          queries: [promql(busy, `{{${nodeName}}}`)],
        }),
        timeseries({
          title: 'Memory in use',
          description: 'Share that the node could not give away. Above 90 % the kernel may kill.',
          unit: 'percentunit',
          width: 8,
          queries: [
            promql(
              used(prometheusName(node.memoryAvailable), prometheusName(node.memoryLimit)),
              `{{${nodeName}}}`,
            ),
          ],
        }),
        timeseries({
          title: 'File system in use',
          description:
            'Of the one that holds pods and their logs. Above 85 % the kubelet begins to evict pods.',
          unit: 'percentunit',
          width: 8,
          queries: [
            promql(
              used(
                prometheusName(node.filesystemAvailable),
                prometheusName(node.filesystemCapacity),
              ),
              `{{${nodeName}}}`,
            ),
          ],
        }),
        timeseries({
          title: 'Load for each processor',
          description: 'Threads that run or want to, for each processor. Above 1 they wait.',
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
      title: 'What happened, and what pods say',
      panels: [
        timeseries({
          title: 'Events by reason',
          description: 'Events of the cluster a minute.',
          width: 12,
          stacked: true,
          queries: [logql(`sum by (${reason}) (count_over_time(${events} [1m]))`, `{{${reason}}}`)],
        }),
        timeseries({
          title: 'Lines by namespace',
          description: 'Lines per second that pods print.',
          unit: 'cps',
          width: 12,
          stacked: true,
          queries: [
            logql(`sum by (${namespaceName}) (rate(${printed} [$__auto]))`, `{{${namespaceName}}}`),
          ],
        }),
        logs({
          title: 'Events',
          description: 'Newest events of what is chosen above, those of nodes included.',
          width: 24,
          queries: [logql(events)],
        }),
        logs({
          title: 'Pod logs',
          description:
            'Newest lines that pods print and do not send by OTLP. One that holds a trace id leads to its trace.',
          width: 24,
          queries: [logql(printed)],
        }),
      ],
    },
  ],
});
