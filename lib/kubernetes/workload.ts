import { createHash } from 'node:crypto';
import type { Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { ConfigFiles } from '../model/config-file.ts';
import { annotationKeys, commonLabels, labelKeys, selectorLabels } from '../model/labels.ts';
import { declareSource } from '../model/source.ts';
import { dataVolume, type PodProps, type Probes, podTemplate } from './pod.ts';
import { quantity } from './resources.ts';

/** A ConfigMap and the directory of the container in which its files are mounted. */
export interface WorkloadFiles extends ConfigFiles {
  /** Name of the ConfigMap that holds them. */
  readonly configMap: string;
  readonly mountPath: string;
}

export interface WorkloadProps
  extends Pick<PodProps, 'name' | 'image' | 'platform' | 'resources' | 'ports' | 'hostPaths'>,
    Probes {
  /** Value of the label `app.kubernetes.io/component`. */
  readonly component: string;
  readonly args?: readonly string[];
  readonly env?: readonly k8s.EnvVar[];
  /** An existing Secret whose keys become environment variables. @default - none */
  readonly envFromSecret?: string;
  readonly files?: readonly WorkloadFiles[];
  /** An existing Secret whose keys are mounted as files. @default - none */
  readonly secretFiles?: { readonly secret: string; readonly mountPath: string };
  /**
   * A volume claim template, which makes this a StatefulSet. @default - a Deployment without a
   * volume
   */
  readonly volumeClaim?: { readonly mountPath: string; readonly size: Size };
  /** Mount paths of emptyDir volumes. @default - none */
  readonly emptyDirs?: readonly string[];
  /** @default 30 */
  readonly terminationGracePeriodSeconds?: number;
  /** Maximum of a HorizontalPodAutoscaler, for a Deployment. @default 1 - no autoscaler */
  readonly maxReplicas?: number;
  /**
   * One pod on every node, whatever its taints: a DaemonSet behind a headless Service. @default
   * false
   */
  readonly perNode?: boolean;
  /** Update strategy of a Deployment. @default - RollingUpdate */
  readonly strategy?: 'Recreate';
  /** Rules of a ClusterRole for the pod. @default - no service account and no access to the API */
  readonly clusterRoleRules?: readonly k8s.PolicyRule[];
}

/** The name that Kubernetes gives the only pod of a StatefulSet. */
export function statefulSetPodName(name: string): string {
  return `${name}-0`;
}

/** The name that Kubernetes gives the PersistentVolumeClaim of that pod. */
export function volumeClaimName(name: string): string {
  return `${dataVolume}-${statefulSetPodName(name)}`;
}

/** Annotations that suppress rules of checkov and kube-score (https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html). */
function scannerExemptions({
  image,
  hostPaths,
}: WorkloadProps): Record<string, string> | undefined {
  const lowUser = { 'kube-score/ignore': 'container-security-context-user-group-id' };
  if (hostPaths !== undefined) {
    const reason = 'directories of its node are closed to all but user 0';
    return {
      'checkov.io/skip1': `CKV_K8S_40=${reason}`,
      'checkov.io/skip2': `CKV_K8S_23=${reason}`,
      ...lowUser,
    };
  }
  if (image.uid >= 10_000) return undefined;
  // Existing volumes belong to this user, and not every storage driver can change their owner.
  return { 'checkov.io/skip1': `CKV_K8S_40=its image is made for user ${image.uid}`, ...lowUser };
}

/**
 * A Deployment, StatefulSet or DaemonSet with its ConfigMaps, its Service and, where it uses the
 * Kubernetes API, its ServiceAccount. All objects have fixed names.
 */
export class Workload extends Construct {
  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    const { name, files = [] } = props;
    const selector = selectorLabels(name);
    const labels = {
      ...selector,
      ...commonLabels,
      [labelKeys.component]: props.component,
      [labelKeys.version]: props.image.tag,
    };

    for (const { configMap, files: data, sources } of files) {
      const metadata = { name: configMap, labels };
      declareSource(new k8s.KubeConfigMap(this, configMap, { metadata, data }), ...sources);
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
        clusterIp: props.perNode ? 'None' : undefined,
      },
    });
    const serviceAccountName = props.clusterRoleRules && this.serviceAccount(props, labels);

    const template = podTemplate({
      args: [],
      env: [],
      emptyDirs: [],
      terminationGracePeriodSeconds: 30,
      ...props,
      probes: props,
      configDirectories: [
        ...configDirectories(files),
        ...(props.secretFiles === undefined ? [] : [{ configMaps: [], ...props.secretFiles }]),
      ],
      dataMountPath: props.volumeClaim?.mountPath,
      serviceAccountName,
      labels,
      annotations: files.length === 0 ? {} : { [annotationKeys.configHash]: hash(files) },
    });
    const metadata = { name, labels, annotations: scannerExemptions(props) };
    const common = { selector: { matchLabels: selector }, template };
    if (props.perNode) {
      const tolerations = [{ operator: 'Exists' }];
      const nodeSelector = { 'kubernetes.io/os': 'linux' };
      const spec = { ...template.spec, tolerations, nodeSelector };
      new k8s.KubeDaemonSet(this, 'daemonset', {
        metadata,
        spec: { ...common, template: { ...template, spec } },
      });
      return;
    }
    if (props.volumeClaim === undefined) {
      const { maxReplicas = 1 } = props;
      // The autoscaler sets the number of replicas, so the manifest must not.
      const replicas = maxReplicas > 1 ? undefined : 1;
      const strategy = props.strategy && { type: props.strategy };
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
        // With OrderedReady, a pod that cannot become ready blocks the rollout of the fix.
        podManagementPolicy: 'Parallel',
        volumeClaimTemplates: [
          {
            // No version label: claim templates are immutable.
            metadata: { name: dataVolume, labels: { ...selector, ...commonLabels } },
            spec: {
              accessModes: ['ReadWriteOnce'],
              storageClassName: props.platform.storageClass,
              resources: { requests: { storage: quantity(props.volumeClaim.size) } },
            },
          },
        ],
      },
    });
  }

  /** Scales at an average CPU utilization of 80 % of the request. */
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

  /** Creates a ServiceAccount bound to a ClusterRole with `clusterRoleRules`; returns its name. */
  private serviceAccount(props: WorkloadProps, labels: Record<string, string>): string {
    const { name } = props;
    const { namespace } = props.platform;
    // Cluster-scoped names are shared by all namespaces, so these begin with the namespace.
    const clusterRole = `${namespace}-${name}`;
    new k8s.KubeServiceAccount(this, 'service-account', {
      metadata: { name, labels },
      automountServiceAccountToken: false,
    });
    new k8s.KubeClusterRole(this, 'cluster-role', {
      metadata: { name: clusterRole, labels },
      rules: [...(props.clusterRoleRules ?? [])],
    });
    new k8s.KubeClusterRoleBinding(this, 'cluster-role-binding', {
      metadata: { name: clusterRole, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: clusterRole },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    });
    return name;
  }
}

/** One directory for each mount path, also where several ConfigMaps share it. */
function configDirectories(files: readonly WorkloadFiles[]) {
  const paths = [...new Set(files.map(({ mountPath }) => mountPath))];
  return paths.map((mountPath) => ({
    mountPath,
    configMaps: files.filter((each) => each.mountPath === mountPath).map((each) => each.configMap),
  }));
}

function hash(files: readonly WorkloadFiles[]): string {
  const content = files.map(({ sources: _, ...rest }) => rest);
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
