import { dashboardUids } from '../lib/model/uids.ts';
import { kubeMetrics as kube } from '../lib/telemetry/cluster.ts';
import { stackMetrics } from '../lib/telemetry/stack.ts';
import { dashboard } from './panels/dashboard.ts';
import { timeseries } from './panels/panels.ts';
import { promql, promqlTable } from './panels/queries.ts';
import { rate } from './panels/red.ts';
import { table } from './panels/tables.ts';
import { podVariables } from './panels/variables.ts';

const selectedNamespaces = 'namespace=~"$namespace"';
const selectedPods = `${selectedNamespaces}, pod=~"$pod"`;
/** Without the node itself. */
const namedPods = `pod!="", ${selectedPods}`;
const containers = `container!="", ${selectedPods}`;
const byPod = ['namespace', 'pod'];
const byContainer = [...byPod, 'container'];
const podLegend = '{{namespace}}/{{pod}}';
const containerLegend = `${podLegend}/{{container}}`;

/** The ten series with the largest values. */
const top = (query: string) => `topk(10, ${query})`;
const usedCpu = (...by: readonly string[]) => rate(stackMetrics.containerCpu, containers, ...by);
const usedMemory = (...by: readonly string[]) =>
  `sum by (${by.join(', ')}) (${stackMetrics.containerMemory}{${containers}})`;
const declared = (what: string, resource: string, ...by: readonly string[]) =>
  `sum by (${by.join(', ')}) (${what}{resource="${resource}", ${containers}})`;

/** What pods use of what they request; only deployed with the cluster view. */
export const workloadsDashboard = dashboard({
  filename: import.meta.filename,
  uid: dashboardUids.workloads,
  title: 'Workloads',
  description:
    'CPU, memory and network of pods, compared with their requests and limits. Part of the cluster view.',
  variables: podVariables.filter(({ name }) => name !== 'filter'),
  rows: [
    {
      title: 'CPU and memory',
      panels: [
        timeseries({
          title: 'CPU by pod',
          description: 'CPU cores in use: the ten pods with the most.',
          width: 12,
          queries: [promql(top(usedCpu(...byPod)), podLegend)],
        }),
        timeseries({
          title: 'Memory by pod',
          description: 'Working set: the ten pods with the most.',
          unit: 'bytes',
          width: 12,
          queries: [promql(top(usedMemory(...byPod)), podLegend)],
        }),
        timeseries({
          title: 'CPU of request',
          description:
            'CPU in use as a percentage of what the container requests. Far above 100 % it depends on what others leave; far below, the request is larger than needed.',
          unit: 'percentunit',
          axisMax: 1,
          width: 12,
          queries: [
            promql(
              top(
                `${usedCpu(...byContainer)} / ${declared(kube.containerRequests, 'cpu', ...byContainer)}`,
              ),
              containerLegend,
            ),
          ],
        }),
        timeseries({
          title: 'Memory of limit',
          description:
            'Working set as a percentage of the limit of the container. At 100 % the kernel kills it.',
          unit: 'percentunit',
          axisMax: 1,
          width: 12,
          queries: [
            promql(
              top(
                `${usedMemory(...byContainer)} / ${declared(kube.containerLimits, 'memory', ...byContainer)}`,
              ),
              containerLegend,
            ),
          ],
        }),
        timeseries({
          title: 'CPU throttling',
          description:
            'Seconds per second in which threads of a container waited because of its CPU limit. Raise the limit, or remove it.',
          unit: 's',
          width: 12,
          empty: 'No container with a CPU limit was throttled',
          queries: [
            promql(
              top(`${rate(stackMetrics.containerThrottled, containers, ...byContainer)} > 0`),
              containerLegend,
            ),
          ],
        }),
        timeseries({
          title: 'Out of memory',
          description:
            'Processes that the kernel killed because their container reached its memory limit, within five minutes.',
          decimals: 0,
          width: 12,
          empty: 'No container ran out of memory',
          queries: [
            promql(
              top(
                `sum by (${byContainer.join(', ')}) (increase(${stackMetrics.containerOutOfMemory}{${containers}}[5m])) > 0`,
              ),
              containerLegend,
            ),
          ],
        }),
      ],
    },
    {
      title: 'Network',
      panels: [
        timeseries({
          title: 'Received',
          description: 'Bytes per second that pods receive: the ten with the most.',
          unit: 'Bps',
          width: 12,
          queries: [
            promql(top(rate(stackMetrics.podReceivedBytes, namedPods, ...byPod)), podLegend),
          ],
        }),
        timeseries({
          title: 'Sent',
          description: 'Bytes per second that pods send: the ten with the most.',
          unit: 'Bps',
          width: 12,
          queries: [promql(top(rate(stackMetrics.podSentBytes, namedPods, ...byPod)), podLegend)],
        }),
      ],
    },
    {
      title: 'Requests and limits',
      panels: [
        table({
          title: 'Containers',
          description:
            'What each container uses, requests and may use at most. Without a request the scheduler reserves nothing for it.',
          width: 24,
          height: 12,
          columns: {
            namespace: { title: 'Namespace' },
            pod: { title: 'Pod', width: 260 },
            container: { title: 'Container' },
            'Value #A': { title: 'CPU', decimals: 3, width: 90 },
            'Value #B': { title: 'CPU request', decimals: 3, width: 125 },
            'Value #C': { title: 'Memory', unit: 'bytes', width: 105 },
            'Value #D': { title: 'Memory request', unit: 'bytes', width: 155 },
            'Value #E': { title: 'Memory limit', unit: 'bytes', width: 130 },
          },
          queries: [
            promqlTable(usedCpu(...byContainer)),
            promqlTable(declared(kube.containerRequests, 'cpu', ...byContainer)),
            promqlTable(usedMemory(...byContainer)),
            promqlTable(declared(kube.containerRequests, 'memory', ...byContainer)),
            promqlTable(declared(kube.containerLimits, 'memory', ...byContainer)),
          ],
        }),
      ],
    },
  ],
});
