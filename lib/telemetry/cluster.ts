import type { Metric } from './metric.ts';

/**
 * Node metrics of the cluster view, by their OpenTelemetry names.
 */
export const nodeHostMetrics = {
  cpuTime: {
    name: 'system.cpu.time',
    type: 'counter',
    unit: 's',
    description: 'CPU time of all processors of a node, by state',
  },
  cpuCount: {
    name: 'system.cpu.logical.count',
    type: 'gauge',
    unit: '{cpu}',
    description: 'Processors of a node',
  },
  load1m: {
    name: 'system.cpu.load_average.1m',
    type: 'gauge',
    unit: '{thread}',
    description: 'Runnable threads, averaged over one minute',
  },
  memoryAvailable: {
    name: 'system.linux.memory.available',
    type: 'gauge',
    unit: 'By',
    description: 'Memory of a node that is available without swapping',
  },
  memoryLimit: {
    name: 'system.memory.limit',
    type: 'gauge',
    unit: 'By',
    description: 'Memory of a node',
  },
  diskIo: {
    name: 'system.disk.io',
    type: 'counter',
    unit: 'By',
    description: 'Bytes read from and written to each device',
  },
  filesystemAvailable: {
    name: 'k8s.node.filesystem.available',
    type: 'gauge',
    unit: 'By',
    description: 'Free space of the file system that the kubelet monitors',
  },
  filesystemCapacity: {
    name: 'k8s.node.filesystem.capacity',
    type: 'gauge',
    unit: 'By',
    description: 'Size of the file system that the kubelet monitors',
  },
} as const satisfies Record<string, Metric>;

/**
 * Metrics of kube-state-metrics that are collected
 * (https://github.com/kubernetes/kube-state-metrics/tree/main/docs, 2.20).
 */
export const kubeMetrics = {
  nodeCondition: 'kube_node_status_condition',
  nodeInfo: 'kube_node_info',
  nodeAllocatable: 'kube_node_status_allocatable',
  podPhase: 'kube_pod_status_phase',
  podReady: 'kube_pod_status_ready',
  podInfo: 'kube_pod_info',
  podOwner: 'kube_pod_owner',
  containerRestarts: 'kube_pod_container_status_restarts_total',
  containerWaiting: 'kube_pod_container_status_waiting_reason',
  containerLastTerminated: 'kube_pod_container_status_last_terminated_reason',
  containerRequests: 'kube_pod_container_resource_requests',
  containerLimits: 'kube_pod_container_resource_limits',
  deploymentDesired: 'kube_deployment_spec_replicas',
  deploymentReady: 'kube_deployment_status_replicas_ready',
  statefulSetDesired: 'kube_statefulset_replicas',
  statefulSetReady: 'kube_statefulset_status_replicas_ready',
  daemonSetDesired: 'kube_daemonset_status_desired_number_scheduled',
  daemonSetReady: 'kube_daemonset_status_number_ready',
  deploymentCondition: 'kube_deployment_status_condition',
  autoscalerDesired: 'kube_horizontalpodautoscaler_status_desired_replicas',
  autoscalerMin: 'kube_horizontalpodautoscaler_spec_min_replicas',
  autoscalerMax: 'kube_horizontalpodautoscaler_spec_max_replicas',
  jobFailed: 'kube_job_failed',
  quota: 'kube_resourcequota',
  claimPhase: 'kube_persistentvolumeclaim_status_phase',
} as const;
