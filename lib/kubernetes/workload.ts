import { createHash } from 'node:crypto';
import type { Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { annotationKeys, commonLabels, labelKeys, selectorLabels } from '../model/labels.ts';
import { dataVolume, type PodProps, type Probes, podTemplate, quantity } from './pod.ts';

/** Files of one directory of the container, by name. */
export interface WorkloadFiles {
  /** Name of the ConfigMap that holds them. */
  readonly configMap: string;
  readonly mountPath: string;
  readonly files: Readonly<Record<string, string>>;
}

export interface WorkloadProps
  extends Pick<PodProps, 'name' | 'image' | 'platform' | 'resources' | 'ports' | 'nodeDirectories'>,
    Probes {
  /** What it is in the system, as `app.kubernetes.io/component`. */
  readonly role: string;
  readonly args?: readonly string[];
  readonly env?: readonly k8s.EnvVar[];
  /** An existing Secret whose keys become variables too. @default - none */
  readonly envSecret?: string;
  readonly files?: readonly WorkloadFiles[];
  /** An existing Secret whose keys are files. @default - none */
  readonly secretFiles?: { readonly secret: string; readonly mountPath: string };
  /** A volume of its own, which makes this a StatefulSet. @default - a Deployment */
  readonly data?: { readonly mountPath: string; readonly size: Size };
  readonly scratch?: readonly string[];
  /** @default 30 */
  readonly terminationGracePeriodSeconds?: number;
  /** Up to how many replicas an autoscaler may start, for a Deployment. @default 1, no autoscaler */
  readonly maxReplicas?: number;
  /** On every node one, whatever its taints: a DaemonSet, whose Service names each pod. @default false */
  readonly everyNode?: boolean;
  /** Never two of it, not even while a new one takes over, for a Deployment. @default false */
  readonly strategy?: boolean;
  /** What the program may ask the Kubernetes API, in the whole cluster. @default - nothing */
  readonly clusterRules?: readonly k8s.PolicyRule[];
}

/** The pod of a workload that has a volume, and the claim on that volume, as Kubernetes names them. */
export function podOf(name: string): string {
  return `${name}-0`;
}
export function claimOf(name: string): string {
  return `${dataVolume}-${podOf(name)}`;
}

/** As checkov and kube-score read them (https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html). */
function exemptions({ image, nodeDirectories }: WorkloadProps): Record<string, string> | undefined {
  const lowUser = { 'kube-score/ignore': 'container-security-context-user-group-id' };
  if (nodeDirectories !== undefined) {
    const reason = 'directories of its node are closed to all but user 0';
    return {
      'checkov.io/skip1': `CKV_K8S_40=${reason}`,
      'checkov.io/skip2': `CKV_K8S_23=${reason}`,
      ...lowUser,
    };
  }
  if (image.uid >= 10_000) return undefined;
  // Volumes that exist belong to it, and not every kind of volume can be given to another.
  return { 'checkov.io/skip1': `CKV_K8S_40=its image is made for user ${image.uid}`, ...lowUser };
}

/**
 * The shape of every component: its files, its pod and the Service in front of it. Objects carry
 * the name that others use to reach them.
 */
export class Workload extends Construct {
  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    const { name, files = [] } = props;
    const selector = selectorLabels(name);
    const labels = {
      ...selector,
      ...commonLabels,
      [labelKeys.component]: props.role,
      [labelKeys.version]: props.image.tag,
    };

    for (const { configMap, files: data } of files) {
      new k8s.KubeConfigMap(this, configMap, { metadata: { name: configMap, labels }, data });
    }
    const ports = props.ports
      .filter((port) => !port.probeOnly)
      .map((port) => ({
        name: port.name,
        port: port.number,
        targetPort: k8s.IntOrString.fromString(port.name),
      }));
    new k8s.KubeService(this, 'service', {
      metadata: { name, labels },
      spec: {
        selector,
        ports,
        type: 'ClusterIP',
        clusterIp: props.everyNode ? 'None' : undefined,
      },
    });
    const serviceAccountName = props.clusterRules && this.serviceAccount(props, labels);

    const template = podTemplate({
      args: [],
      env: [],
      scratch: [],
      terminationGracePeriodSeconds: 30,
      ...props,
      probes: props,
      config: [
        ...mounts(files),
        ...(props.secretFiles === undefined ? [] : [{ configMaps: [], ...props.secretFiles }]),
      ],
      dataPath: props.data?.mountPath,
      serviceAccountName,
      labels,
      annotations: files.length === 0 ? {} : { [annotationKeys.configHash]: hash(files) },
    });
    const metadata = { name, labels, annotations: exemptions(props) };
    const common = { selector: { matchLabels: selector }, template };
    if (props.everyNode) {
      const tolerations = [{ operator: 'Exists' }];
      const nodeSelector = { 'kubernetes.io/os': 'linux' };
      const spec = { ...template.spec, tolerations, nodeSelector };
      new k8s.KubeDaemonSet(this, 'daemonset', {
        metadata,
        spec: { ...common, template: { ...template, spec } },
      });
      return;
    }
    if (props.data === undefined) {
      const { maxReplicas = 1 } = props;
      // The autoscaler's number of replicas is not ours to set.
      const replicas = maxReplicas > 1 ? undefined : 1;
      const strategy = props.strategy ? { type: 'Recreate' } : undefined;
      new k8s.KubeDeployment(this, 'deployment', {
        metadata,
        spec: { ...common, replicas, strategy },
      });
      if (maxReplicas > 1) this.autoscaler(metadata, maxReplicas);
      return;
    }
    const headless = `${name}-headless`;
    new k8s.KubeService(this, 'headless', {
      metadata: { name: headless, labels },
      spec: { selector, ports, clusterIp: 'None' },
    });
    new k8s.KubeStatefulSet(this, 'statefulset', {
      metadata,
      spec: {
        ...common,
        replicas: 1,
        serviceName: headless,
        // In order, a pod that cannot start would keep its own correction from rolling out.
        podManagementPolicy: 'Parallel',
        volumeClaimTemplates: [
          {
            // No version here: claim templates cannot be changed.
            metadata: { name: dataVolume, labels: { ...selector, ...commonLabels } },
            spec: {
              accessModes: ['ReadWriteOnce'],
              storageClassName: props.platform.storageClass,
              resources: { requests: { storage: quantity(props.data.size) } },
            },
          },
        ],
      },
    });
  }

  /** More replicas when they use more than four fifths of the CPU that they request. */
  private autoscaler(metadata: k8s.ObjectMeta & { name: string }, maxReplicas: number): void {
    new k8s.KubeHorizontalPodAutoscalerV2(this, 'autoscaler', {
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

  /** An identity for the pod, allowed exactly `clusterRules`. */
  private serviceAccount(props: WorkloadProps, labels: Record<string, string>): string {
    const { name } = props;
    const { namespace } = props.platform;
    // Cluster-wide names are shared with everyone, so ours say whose they are.
    const role = `${namespace}-${name}`;
    new k8s.KubeServiceAccount(this, 'service-account', {
      metadata: { name, labels },
      automountServiceAccountToken: false,
    });
    new k8s.KubeClusterRole(this, 'cluster-role', {
      metadata: { name: role, labels },
      rules: [...(props.clusterRules ?? [])],
    });
    new k8s.KubeClusterRoleBinding(this, 'cluster-role-binding', {
      metadata: { name: role, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    });
    return name;
  }
}

/** One volume a directory, also where several ConfigMaps share it. */
function mounts(files: readonly WorkloadFiles[]) {
  const paths = [...new Set(files.map(({ mountPath }) => mountPath))];
  return paths.map((mountPath) => ({
    mountPath,
    configMaps: files.filter((each) => each.mountPath === mountPath).map((each) => each.configMap),
  }));
}

function hash(files: readonly WorkloadFiles[]): string {
  return createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
}
