import { dashboardUids } from '../lib/model/uids.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { kubeMetrics as kube, nodeHostMetrics as node } from '../lib/telemetry/cluster.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import { stackMetrics } from '../lib/telemetry/stack.ts';
import { dashboard } from './panels/dashboard.ts';
import { timeseries } from './panels/panels.ts';
import { promql } from './panels/queries.ts';
import { nodeVariables } from './panels/variables.ts';

const nodeName = label(attributes.k8sNodeName);
/** Of metrics of the node collectors, and of those of kube-state-metrics and kubelets. */
const selectedHosts = `${nodeName}=~"$node"`;
const selectedNodes = 'node=~"$node"';

const host = (metric: Parameters<typeof prometheusName>[0], more = '') =>
  `${prometheusName(metric)}{${selectedHosts}${more}}`;
const cpuUsage = `1 - sum by (${nodeName}) (rate(${host(node.cpuTime, ', state="idle"')}[$__rate_interval])) / sum by (${nodeName}) (rate(${host(node.cpuTime)}[$__rate_interval]))`;
const usage = (available: string, of: string) =>
  `1 - max by (${nodeName}) (${available}) / max by (${nodeName}) (${of})`;
const requestedShare = (resource: string) =>
  `sum by (node) (${kube.containerRequests}{resource="${resource}", ${selectedNodes}}) / sum by (node) (${kube.nodeAllocatable}{resource="${resource}", ${selectedNodes}})`;
const secondsPerDay = 86_400;

/** Nodes of the cluster; only deployed with the cluster view. */
export const nodesDashboard = dashboard({
  filename: import.meta.filename,
  uid: dashboardUids.nodes,
  title: 'Nodes',
  description: 'CPU, memory, disks and conditions of nodes. Part of the cluster view.',
  variables: nodeVariables,
  rows: [
    {
      title: 'Usage',
      panels: [
        timeseries({
          title: 'CPU in use',
          description: 'Percentage of the CPU time of a node that was not idle.',
          unit: 'percentunit',
          axisMax: 1,
          width: 12,
          queries: [promql(cpuUsage, `{{${nodeName}}}`)],
        }),
        timeseries({
          title: 'Memory in use',
          description:
            'Percentage of the memory of a node that is not available. Above 90 % the kernel may kill processes.',
          unit: 'percentunit',
          axisMax: 1,
          width: 12,
          queries: [
            promql(usage(host(node.memoryAvailable), host(node.memoryLimit)), `{{${nodeName}}}`),
          ],
        }),
        timeseries({
          title: 'File system in use',
          description:
            'Usage of the file system with pods and their logs. Above 85 % the kubelet starts to evict pods.',
          unit: 'percentunit',
          axisMax: 1,
          width: 12,
          queries: [
            promql(
              usage(host(node.filesystemAvailable), host(node.filesystemCapacity)),
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
              `sum by (${nodeName}, direction) (rate(${host(node.diskIo)}[$__rate_interval]))`,
              `{{direction}} {{${nodeName}}}`,
            ),
          ],
        }),
        timeseries({
          title: 'Load per processor',
          description: 'Runnable threads per processor. Above 1 threads wait.',
          width: 12,
          queries: [
            promql(
              `max by (${nodeName}) (${host(node.load1m)}) / max by (${nodeName}) (${host(node.cpuCount)})`,
              `{{${nodeName}}}`,
            ),
          ],
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
      title: 'Condition',
      panels: [
        timeseries({
          title: 'Pods',
          description:
            'Pods on each node that have not ended, as a percentage of what the kubelet allows (110 by default). At 100 % new pods stay pending.',
          unit: 'percentunit',
          axisMax: 1,
          width: 8,
          queries: [
            promql(
              `count by (node) (${kube.podInfo}{${selectedNodes}} and on (namespace, pod) ${kube.podPhase}{phase=~"Pending|Running"} == 1) / max by (node) (${kube.nodeAllocatable}{resource="pods", ${selectedNodes}})`,
              '{{node}}',
            ),
          ],
        }),
        timeseries({
          title: 'Pressure',
          description:
            'Conditions DiskPressure, MemoryPressure and PIDPressure of nodes: 1 while the kubelet evicts pods for it.',
          decimals: 0,
          width: 8,
          queries: [
            promql(
              `max by (node, condition) (${kube.nodeCondition}{condition=~".*Pressure", status="true", ${selectedNodes}})`,
              '{{condition}} of {{node}}',
            ),
          ],
        }),
        timeseries({
          title: 'Client certificate of the kubelet',
          description:
            'Time until the certificate expires with which a kubelet talks to the API server. It should be renewed before: a node without one is not ready.',
          unit: 'suffix: days',
          decimals: 0,
          width: 8,
          empty: 'The kubelets do not report their certificates',
          queries: [
            promql(
              `min by (node) (${stackMetrics.kubeletCertificateTtl}{${selectedNodes}}) / ${secondsPerDay}`,
              '{{node}}',
            ),
          ],
        }),
      ],
    },
  ],
});
