import { ApiObject, type Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { commonLabels } from '../model/labels.ts';
import type { Platform } from '../settings/platform.ts';
import { dataVolume, type HostPathMount, type PodTemplate } from './pod.ts';
import { quantity } from './resources.ts';

/** A StatefulSet of one pod, with a volume of its own. */
interface Stateful {
  readonly kind: 'stateful';
  readonly volumeClaim: { readonly mountPath: string; readonly size: Size };
}

/** A Deployment of one pod, without a volume. */
interface Deployment {
  readonly kind: 'deployment';
  /** Update strategy. @default - RollingUpdate */
  readonly strategy?: 'Recreate';
}

/** A Deployment whose number of replicas a HorizontalPodAutoscaler sets. */
interface Autoscaled {
  readonly kind: 'autoscaled';
  readonly maxReplicas: number;
}

/** One pod on every node, whatever its taints: a DaemonSet behind a headless Service. */
interface PerNode {
  readonly kind: 'perNode';
  readonly hostPaths: readonly HostPathMount[];
}

/** What controls the pods of a workload; each kind has exactly the props that make sense for it. */
export type WorkloadKind = Stateful | Deployment | Autoscaled | PerNode;

export interface ControllerParts {
  readonly metadata: k8s.ObjectMeta & { readonly name: string };
  readonly selector: Record<string, string>;
  readonly ports: k8s.ServicePort[];
  readonly template: PodTemplate;
}

/** Creates the Deployment, StatefulSet or DaemonSet of a workload, and what belongs to its kind. */
export function createController(
  scope: Construct,
  props: WorkloadKind & { readonly platform: Platform },
  parts: ControllerParts,
): void {
  switch (props.kind) {
    case 'stateful':
      createStatefulSet(scope, props, parts);
      break;
    case 'deployment':
      createDeployment(scope, parts, props.strategy);
      break;
    case 'autoscaled':
      createAutoscaledDeployment(scope, props, parts);
      break;
    case 'perNode':
      createDaemonSet(scope, parts);
  }
}

function createStatefulSet(
  scope: Construct,
  { volumeClaim, platform }: Stateful & { readonly platform: Platform },
  { metadata, selector, ports, template }: ControllerParts,
): void {
  const headless = `${metadata.name}-headless`;
  new k8s.KubeService(scope, 'headless', {
    metadata: { name: headless, labels: metadata.labels },
    spec: { selector, ports, clusterIp: 'None', ipFamilyPolicy: platform.ipFamilyPolicy },
  });
  const manifest = k8s.KubeStatefulSet.manifest({
    metadata,
    spec: {
      selector: { matchLabels: selector },
      template,
      replicas: 1,
      serviceName: headless,
      // With OrderedReady, a pod that cannot become ready blocks the rollout of the fix.
      podManagementPolicy: 'Parallel',
      volumeClaimTemplates: [
        {
          // No version label: claim templates are immutable.
          metadata: { name: dataVolume, labels: { ...selector, ...commonLabels } },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: platform.storageClass,
            resources: { requests: { storage: quantity(volumeClaim.size) } },
            volumeMode: 'Filesystem',
          },
        },
      ],
    },
  });
  // The API server adds these, for which cdk8s-plus has no properties. Server-side apply compares the list
  // of templates as a whole, so without them every apply by another field manager would be a conflict.
  const added = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } };
  for (const template of manifest.spec.volumeClaimTemplates) Object.assign(template, added);
  new ApiObject(scope, 'statefulset', manifest);
}

function createDeployment(
  scope: Construct,
  { metadata, selector, template }: ControllerParts,
  strategy?: Deployment['strategy'],
): void {
  new k8s.KubeDeployment(scope, 'deployment', {
    metadata,
    spec: {
      selector: { matchLabels: selector },
      template,
      replicas: 1,
      strategy: strategy && { type: strategy },
    },
  });
}

/** Scales at an average CPU utilization of 80 % of the request. */
function createAutoscaledDeployment(
  scope: Construct,
  { maxReplicas }: Autoscaled,
  { metadata, selector, template }: ControllerParts,
): void {
  new k8s.KubeDeployment(scope, 'deployment', {
    metadata,
    // The autoscaler sets the number of replicas, so the manifest must not.
    spec: { selector: { matchLabels: selector }, template },
  });
  new k8s.KubeHorizontalPodAutoscalerV2(scope, 'autoscaler', {
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name },
      minReplicas: 1,
      maxReplicas,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
        },
      ],
    },
  });
}

function createDaemonSet(
  scope: Construct,
  { metadata, selector, template }: ControllerParts,
): void {
  const tolerations = [{ operator: 'Exists' }];
  const nodeSelector = { 'kubernetes.io/os': 'linux', ...template.spec.nodeSelector };
  const spec = { ...template.spec, tolerations, nodeSelector };
  new k8s.KubeDaemonSet(scope, 'daemonset', {
    metadata,
    spec: { selector: { matchLabels: selector }, template: { ...template, spec } },
  });
}
