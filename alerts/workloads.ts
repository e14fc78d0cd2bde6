import { Duration } from 'cdk8s';
import { sourceFile } from '../lib/model/source.ts';
import type { Settings } from '../lib/schema.ts';
import { formatDuration } from '../lib/settings/units.ts';
import { kubeMetrics as kube } from '../lib/telemetry/cluster.ts';
import { ownSeries } from './promql.ts';
import type { AlertRule } from './rule.ts';

export const workloadRulesSource = sourceFile(import.meta.filename);

/** What Kubernetes retries by itself is given this long. */
const startPeriod = Duration.minutes(15);
/** The part of a quota above which an update or an autoscaler may not get what it needs. */
const quotaUsage = 0.9;

/** Alerts on pods, workloads and jobs of all namespaces. */
export function workloadAlerts(settings: Settings): AlertRule[] {
  return [...podAlerts(settings), ...controllerAlerts(settings)];
}

const common = { severity: 'warning', component: 'workload', dashboard: 'cluster' } as const;
const containerName =
  '{{ $labels.container }} of pod {{ $labels.pod }} in namespace {{ $labels.namespace }}';

function podAlerts({ alerts }: Settings): AlertRule[] {
  const byContainer = 'namespace, pod, container';
  const waiting = ownSeries(kube.containerWaiting);
  const restarts = ownSeries(kube.containerRestarts);
  return [
    {
      ...common,
      alert: 'PodCrashLooping',
      panel: 'Restarts',
      // The container runs for a moment between two back-offs.
      expr: `sum by (${byContainer}) (max_over_time(${ownSeries(kube.containerWaiting, 'reason="CrashLoopBackOff"')}[${formatDuration(alerts.window)}]) and on (${byContainer}) increase(${restarts}[1h]) > 0) > 0`,
      for: alerts.pending,
      summary: 'A container of pod {{ $labels.pod }} is crash looping',
      description: `Container ${containerName} terminates soon after each start.`,
    },
    {
      ...common,
      alert: 'ContainerNotStarting',
      panel: 'Containers waiting',
      // While init containers run, which may take long, the others are PodInitializing.
      expr: `sum by (${byContainer}, reason) (${ownSeries(kube.containerWaiting, 'reason!~"CrashLoopBackOff|PodInitializing"')}) > 0`,
      for: startPeriod,
      summary: 'A container of pod {{ $labels.pod }} does not start',
      description: `Container ${containerName} has been waiting to start for ${formatDuration(startPeriod)}: {{ $labels.reason }}.`,
    },
    {
      ...common,
      alert: 'ContainerOutOfMemory',
      // The panels of its metric show restarts of any cause.
      dashboard: 'workloads',
      panel: 'Memory of limit',
      expr: `sum by (${byContainer}) (increase(${restarts}[10m]) > 0 and on (${byContainer}) ${ownSeries(kube.containerLastTerminated, 'reason="OOMKilled"')} == 1) > 0`,
      summary: 'A container of pod {{ $labels.pod }} ran out of memory',
      description: `The kernel killed container ${containerName}, because it reached its memory limit.`,
    },
    {
      ...common,
      alert: 'PodNotRunning',
      panel: 'Pods by phase',
      // A pod with a waiting container has an alert that names the reason; one of a job, its job's.
      // Failed pods stay as a record after their replacement runs.
      expr: `max by (namespace, pod, phase) (${ownSeries(kube.podPhase, 'phase=~"Pending|Unknown"')} == 1 and on (namespace, pod) ${ownSeries(kube.podOwner, 'owner_kind!="Job"')} unless on (namespace, pod) ${waiting} == 1)`,
      for: startPeriod,
      summary: 'Pod {{ $labels.pod }} is not running',
      description: `Pod {{ $labels.pod }} in namespace {{ $labels.namespace }} has been in phase {{ $labels.phase }} for ${formatDuration(startPeriod)}.`,
    },
  ];
}

function controllerAlerts({ alerts }: Settings): AlertRule[] {
  // One label for all kinds of workload, so that one alert covers them.
  const missing = (kind: string, desired: string, ready: string) =>
    `label_replace(${ownSeries(desired)} - ${ownSeries(ready)}, "workload", "${kind}/$1", "${kind}", "(.+)")`;
  const replicas = [
    missing('deployment', kube.deploymentDesired, kube.deploymentReady),
    missing('statefulset', kube.statefulSetDesired, kube.statefulSetReady),
    missing('daemonset', kube.daemonSetDesired, kube.daemonSetReady),
  ];
  const autoscaler = 'namespace, horizontalpodautoscaler';
  const [desired, most, least] = [
    kube.autoscalerDesired,
    kube.autoscalerMax,
    kube.autoscalerMin,
  ].map((metric) => `max by (${autoscaler}) (${ownSeries(metric)})`);
  const quota = (type: string) =>
    `max by (namespace, resourcequota, resource) (${ownSeries(kube.quota, `type="${type}"`)})`;
  return [
    {
      ...common,
      alert: 'WorkloadNotReady',
      panel: 'Replicas not ready by workload',
      expr: `sum by (namespace, workload) (${replicas.join(' or ')}) > 0`,
      for: alerts.pending,
      summary: '{{ $labels.workload }} in {{ $labels.namespace }} has too few replicas',
      description: `{{ $labels.workload }} in namespace {{ $labels.namespace }} lacks {{ $value }} ready replicas for ${formatDuration(alerts.pending)}.`,
    },
    {
      ...common,
      alert: 'RolloutStuck',
      panel: 'Rollouts stuck',
      expr: `max by (namespace, deployment) (${ownSeries(kube.deploymentCondition, 'condition="Progressing"', 'status="false"')}) == 1`,
      summary: 'The rollout of {{ $labels.deployment }} is stuck',
      description:
        'Deployment {{ $labels.deployment }} in namespace {{ $labels.namespace }} made no progress within its progressDeadlineSeconds.',
    },
    {
      ...common,
      alert: 'JobFailed',
      panel: 'Failed jobs',
      expr: `max by (namespace, job_name) (${ownSeries(kube.jobFailed, 'condition="true"')}) == 1`,
      summary: 'Job {{ $labels.job_name }} has failed',
      description:
        'Job {{ $labels.job_name }} in namespace {{ $labels.namespace }} has failed, and is not retried.',
    },
    {
      ...common,
      alert: 'AutoscalerAtMaximum',
      panel: 'Autoscalers',
      // One whose minimum is its maximum is not meant to scale.
      expr: `${desired} >= ${most} and ${most} > ${least}`,
      for: startPeriod,
      summary: 'Autoscaler {{ $labels.horizontalpodautoscaler }} cannot add replicas',
      description: `HorizontalPodAutoscaler {{ $labels.horizontalpodautoscaler }} in namespace {{ $labels.namespace }} has been at its maximum of {{ $value }} replicas for ${formatDuration(startPeriod)}.`,
    },
    {
      ...common,
      alert: 'QuotaAlmostUsed',
      panel: 'Resource quotas',
      expr: `${quota('used')} / (${quota('hard')} > 0) > ${quotaUsage}`,
      for: startPeriod,
      summary: 'Quota {{ $labels.resourcequota }} in {{ $labels.namespace }} is almost used up',
      description:
        'Namespace {{ $labels.namespace }} uses {{ $value | humanizePercentage }} of {{ $labels.resource }} in ResourceQuota {{ $labels.resourcequota }}.',
    },
  ];
}
