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
];
