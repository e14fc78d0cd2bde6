import { fires, type RuleTest, ruleTest, silent } from './case.ts';

const ready = 'kube_node_status_condition{condition="Ready",status="true",node="a"}';
const available = 'k8s_node_filesystem_available_bytes{k8s_node_name="a"}';
const capacity = 'k8s_node_filesystem_capacity_bytes{k8s_node_name="a"}';
const of = 'namespace="shops",pod="web-1",container="web"';
const waiting = `kube_pod_container_status_waiting_reason{${of},reason="CrashLoopBackOff"}`;
const restarts = `kube_pod_container_status_restarts_total{${of}}`;
const desired = 'kube_deployment_spec_replicas{namespace="shops",deployment="web"}';
const readyReplicas = 'kube_deployment_status_replicas_ready{namespace="shops",deployment="web"}';
const [setDesired, setReady] = [
  'kube_statefulset_replicas{namespace="shops",statefulset="db"}',
  'kube_statefulset_status_replicas_ready{namespace="shops",statefulset="db"}',
];
const [daemonsDesired, daemonsReady] = [
  'kube_daemonset_status_desired_number_scheduled{namespace="shops",daemonset="agent"}',
  'kube_daemonset_status_number_ready{namespace="shops",daemonset="agent"}',
];

const pressure = (condition: string) =>
  `kube_node_status_condition{condition="${condition}",status="true",node="a"}`;
const phase = (name: string) =>
  `kube_pod_status_phase{namespace="shops",pod="web-1",phase="${name}"}`;
const owner = (kind: string) =>
  `kube_pod_owner{namespace="shops",pod="web-1",owner_kind="${kind}",owner_name="x"}`;
const scaler = (what: string) =>
  `kube_horizontalpodautoscaler_${what}_replicas{namespace="shops",horizontalpodautoscaler="web"}`;
const scale = (min: number, max: number) => ({
  [scaler('spec_min')]: `${min}x80`,
  [scaler('spec_max')]: `${max}x80`,
});
const quota = (type: string) =>
  `kube_resourcequota{namespace="shops",resourcequota="small",resource="pods",type="${type}"}`;

export const clusterTests: readonly RuleTest[] = [
  ruleTest({ [ready]: '1x8 0x40' }, [
    silent('NodeNotReady', '4m'),
    fires('NodeNotReady', '4m15s', {
      labels: { node: 'a' },
      summary: 'Node a is not ready',
      description: 'Node a has not been ready for 2m; its pods are evicted.',
    }),
  ]),
  ruleTest({ [capacity]: '100x40', [available]: '15x40' }, [silent('NodeFilesystemFull', '8m')]),
  ruleTest({ [capacity]: '100x40', [available]: '14x40' }, [
    silent('NodeFilesystemFull', '1m45s'),
    fires('NodeFilesystemFull', '2m', {
      labels: { k8s_node_name: 'a' },
      summary: 'The file system of node a is almost full',
      description: 'The file system of node a is 86% full. The kubelet evicts pods to make room.',
    }),
  ]),
  // The container runs for a moment between two back-offs.
  ruleTest({ [waiting]: '1x4 _x4 1x4 _x4 1x60', [restarts]: '0x4 1x8 2x70' }, [
    silent('PodCrashLooping', '5m'),
    fires('PodCrashLooping', '8m', {
      labels: { namespace: 'shops', pod: 'web-1', container: 'web' },
      summary: 'A container of pod web-1 is crash looping',
      description:
        'Container web of pod web-1 in namespace shops terminates soon after each start.',
    }),
  ]),
  ruleTest(
    {
      ...{ [desired]: '3x60', [readyReplicas]: '1x60' },
      ...{ [setDesired]: '1x60', [setReady]: '1x60' },
      ...{ [daemonsDesired]: '2x60', [daemonsReady]: '1x60' },
    },
    [
      silent('WorkloadNotReady', '4m45s'),
      fires(
        'WorkloadNotReady',
        '5m',
        ...[
          ['deployment/web', '2'],
          ['daemonset/agent', '1'],
        ].map(([workload = '', lacking = '']) => ({
          labels: { namespace: 'shops', workload },
          summary: `${workload} in shops has too few replicas`,
          description: `${workload} in namespace shops lacks ${lacking} ready replicas for 5m.`,
        })),
      ),
    ],
  ),

  ruleTest({ [pressure('DiskPressure')]: '0x4 1x40', [pressure('MemoryPressure')]: '0x60' }, [
    silent('NodePressure', '2m45s'),
    fires('NodePressure', '4m', {
      labels: { node: 'a', condition: 'DiskPressure' },
      summary: 'Node a has DiskPressure',
      description:
        'Node a has had the condition DiskPressure for 2m. The kubelet evicts pods, and none are scheduled there.',
    }),
  ]),
  ruleTest({ 'kubelet_certificate_manager_client_ttl_seconds{node="a"}': '604800x60' }, [
    silent('KubeletCertificateExpiring', '15m'),
  ]),
  ruleTest({ 'kubelet_certificate_manager_client_ttl_seconds{node="a"}': '600000x60' }, [
    fires('KubeletCertificateExpiring', '10m', {
      labels: { node: 'a' },
      summary: 'The certificate of the kubelet on a expires soon',
      description:
        'The client certificate of the kubelet on node a expires in 6d 22h 40m 0s, and was not renewed.',
    }),
  ]),

  // An image that cannot be pulled: one alert, which names the reason.
  ruleTest(
    {
      [`kube_pod_container_status_waiting_reason{${of},reason="ImagePullBackOff"}`]: '1x80',
      [phase('Pending')]: '1x80',
      [owner('ReplicaSet')]: '1x80',
    },
    [
      silent('ContainerNotStarting', '14m45s'),
      silent('PodNotRunning', '20m'),
      fires('ContainerNotStarting', '15m', {
        labels: { namespace: 'shops', pod: 'web-1', container: 'web', reason: 'ImagePullBackOff' },
        summary: 'A container of pod web-1 does not start',
        description:
          'Container web of pod web-1 in namespace shops has been waiting to start for 15m: ImagePullBackOff.',
      }),
    ],
  ),
  // No node has room for it.
  ruleTest({ [phase('Pending')]: '1x80', [owner('')]: '1x80' }, [
    silent('PodNotRunning', '14m45s'),
    fires('PodNotRunning', '15m', {
      labels: { namespace: 'shops', pod: 'web-1', phase: 'Pending' },
      summary: 'Pod web-1 is not running',
      description: 'Pod web-1 in namespace shops has been in phase Pending for 15m.',
    }),
  ]),
  ruleTest({ [phase('Pending')]: '1x80', [owner('Job')]: '1x80' }, [
    silent('PodNotRunning', '20m'),
  ]),
  ruleTest(
    {
      [`kube_pod_container_status_last_terminated_reason{${of},reason="OOMKilled"}`]: '_x8 1x80',
      [restarts]: '0x8 1x80',
    },
    [
      fires('ContainerOutOfMemory', '5m', {
        labels: { namespace: 'shops', pod: 'web-1', container: 'web' },
        summary: 'A container of pod web-1 ran out of memory',
        description:
          'The kernel killed container web of pod web-1 in namespace shops, because it reached its memory limit.',
      }),
      // It is well since.
      silent('ContainerOutOfMemory', '15m'),
    ],
  ),
  ruleTest(
    {
      'kube_deployment_status_condition{namespace="shops",deployment="web",condition="Progressing",status="false"}':
        '0x8 1x20',
    },
    [
      silent('RolloutStuck', '2m'),
      fires('RolloutStuck', '4m', {
        labels: { namespace: 'shops', deployment: 'web' },
        summary: 'The rollout of web is stuck',
        description:
          'Deployment web in namespace shops made no progress within its progressDeadlineSeconds.',
      }),
    ],
  ),
  ruleTest(
    { 'kube_job_failed{namespace="shops",job_name="import",condition="true"}': '0x8 1x20' },
    [
      silent('JobFailed', '2m'),
      fires('JobFailed', '4m', {
        labels: { namespace: 'shops', job_name: 'import' },
        summary: 'Job import has failed',
        description: 'Job import in namespace shops has failed, and is not retried.',
      }),
    ],
  ),
  ruleTest({ [scaler('status_desired')]: '4x80', ...scale(2, 4) }, [
    silent('AutoscalerAtMaximum', '14m45s'),
    fires('AutoscalerAtMaximum', '15m', {
      labels: { namespace: 'shops', horizontalpodautoscaler: 'web' },
      summary: 'Autoscaler web cannot add replicas',
      description:
        'HorizontalPodAutoscaler web in namespace shops has been at its maximum of 4 replicas for 15m.',
    }),
  ]),
  // Not meant to scale, and not at its maximum.
  ruleTest({ [scaler('status_desired')]: '4x80', ...scale(4, 4) }, [
    silent('AutoscalerAtMaximum', '20m'),
  ]),
  ruleTest({ [scaler('status_desired')]: '3x80', ...scale(2, 4) }, [
    silent('AutoscalerAtMaximum', '20m'),
  ]),
  ruleTest({ [quota('used')]: '91x80', [quota('hard')]: '100x80' }, [
    silent('QuotaAlmostUsed', '14m45s'),
    fires('QuotaAlmostUsed', '15m', {
      labels: { namespace: 'shops', resourcequota: 'small', resource: 'pods' },
      summary: 'Quota small in shops is almost used up',
      description: 'Namespace shops uses 91% of pods in ResourceQuota small.',
    }),
  ]),
  // Nothing is allowed, and nothing is used.
  ruleTest({ [quota('used')]: '0x80', [quota('hard')]: '0x80' }, [
    silent('QuotaAlmostUsed', '20m'),
  ]),
];
