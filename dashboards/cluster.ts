import { dashboardUids } from '../lib/model/uids.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { kubeMetrics as kube } from '../lib/telemetry/cluster.ts';
import { eventAttributes, eventService } from '../lib/telemetry/logs.ts';
import { label } from '../lib/telemetry/metric.ts';
import { dashboard } from './panels/dashboard.ts';
import type { DataLink } from './panels/links.ts';
import { lineRateByNamespace } from './panels/log-counts.ts';
import { logs, perSecond, stat, timeseries } from './panels/panels.ts';
import { logql, promql } from './panels/queries.ts';
import { podVariables } from './panels/variables.ts';

const selectedNamespaces = 'namespace=~"$namespace"';
const selectedPods = `${selectedNamespaces}, pod=~"$pod"`;
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

const events = `{${serviceName}="${eventService}"} | ${namespaceName}=~"$namespace" | ${podName}=~"$pod"`;
/** Container logs; log records that apps send by OTLP have no log.iostream. */
const podLogs = `{${namespaceName}=~"$namespace", ${namespaceName}!=""} | ${iostream}=~"stdout|stderr" | ${podName}=~"$pod" |~ "(?i)$filter"`;

const onlyThisPod: DataLink = {
  title: 'Only this pod',
  url: `/d/${dashboardUids.cluster}?var-namespace=\${__field.labels.namespace}&var-pod=\${__field.labels.pod}&\${__url_time_range}`,
  targetBlank: false,
};

/** The state of workloads, events and container logs; only deployed with the cluster view. */
export const clusterDashboard = dashboard({
  filename: import.meta.filename,
  uid: dashboardUids.cluster,
  title: 'Cluster',
  description: 'The state of workloads, events and container logs. Part of the cluster view.',
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
          title: 'Restarts, last hour',
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
          empty: 'No container has restarted',
          links: [onlyThisPod],
          queries: [
            promql(
              `topk(10, sum by (namespace, pod) (increase(${kube.containerRestarts}{${selectedPods}}[5m]))) > 0`,
              '{{namespace}}/{{pod}}',
            ),
          ],
        }),
        timeseries({
          title: 'Replicas not ready by workload',
          description:
            'Desired replicas that are not ready, for a short time during every rollout.',
          decimals: 0,
          width: 12,
          empty: 'All replicas are ready',
          queries: Object.entries(missingReplicas).map(([kind, query]) =>
            promql(`${query} > 0`, `{{namespace}}/${kind}/{{${kind}}}`),
          ),
        }),
        timeseries({
          title: 'Containers waiting',
          description:
            'Containers that cannot start, by reason: an image that cannot be pulled, a Secret or ConfigMap that does not exist, a crash.',
          decimals: 0,
          width: 12,
          empty: 'No container is waiting',
          queries: [
            promql(
              `topk(10, sum by (namespace, pod, container, reason) (${kube.containerWaiting}{${selectedPods}}) > 0)`,
              '{{reason}} of {{namespace}}/{{pod}}/{{container}}',
            ),
          ],
        }),
        timeseries({
          title: 'Rollouts stuck',
          description:
            'Deployments whose rollout made no progress within progressDeadlineSeconds. Their pods and events say why.',
          decimals: 0,
          width: 6,
          empty: 'Every rollout makes progress',
          queries: [
            promql(
              `max by (namespace, deployment) (${kube.deploymentCondition}{condition="Progressing", status="false", ${selectedNamespaces}}) == 1`,
              '{{namespace}}/{{deployment}}',
            ),
          ],
        }),
        timeseries({
          title: 'Failed jobs',
          description: 'Jobs that failed and were not deleted yet.',
          decimals: 0,
          width: 6,
          empty: 'No job has failed',
          queries: [
            promql(
              `sum by (namespace, job_name) (${kube.jobFailed}{condition="true", ${selectedNamespaces}}) > 0`,
              '{{namespace}}/{{job_name}}',
            ),
          ],
        }),
        timeseries({
          title: 'Autoscalers',
          description:
            'Replicas that a HorizontalPodAutoscaler wants, as a percentage of its maximum. At 100 % it cannot add more.',
          unit: 'percentunit',
          axisMax: 1,
          width: 6,
          empty: 'There is no HorizontalPodAutoscaler',
          queries: [
            promql(
              `max by (namespace, horizontalpodautoscaler) (${kube.autoscalerDesired}{${selectedNamespaces}} / ${kube.autoscalerMax}{${selectedNamespaces}})`,
              '{{namespace}}/{{horizontalpodautoscaler}}',
            ),
          ],
        }),
        timeseries({
          title: 'Resource quotas',
          description:
            'What a namespace uses of its ResourceQuota. At 100 % no more of it can be created.',
          unit: 'percentunit',
          axisMax: 1,
          width: 6,
          empty: 'There is no ResourceQuota',
          queries: [
            promql(
              `max by (namespace, resourcequota, resource) (${kube.quota}{type="used", ${selectedNamespaces}} / ignoring (type) (${kube.quota}{type="hard", ${selectedNamespaces}} > 0))`,
              '{{namespace}}/{{resourcequota}} {{resource}}',
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
          description:
            'Lines per second, of containers and by OTLP, in the selected namespaces, whichever pods are selected.',
          unit: perSecond('lines'),
          width: 12,
          stacked: true,
          queries: [
            promql(lineRateByNamespace(`${namespaceName}=~"$namespace"`), `{{${namespaceName}}}`),
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
