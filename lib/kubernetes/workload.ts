import { createHash } from 'node:crypto';
import { type ApiObject, Chart, JsonPatch } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { ConfigFiles } from '../model/config-file.ts';
import { annotationKeys, commonLabels, labelKeys, selectorLabels } from '../model/labels.ts';
import { declareSource } from '../model/source.ts';
import { mountDirectories } from '../settings/common.ts';
import { SettingsError } from '../settings/error.ts';
import { createController, type WorkloadKind } from './controller.ts';
import { dataVolume, type PodProps, type Probes, podTemplate } from './pod.ts';

/** A ConfigMap and the directory of the container in which its files are mounted. */
export interface WorkloadFiles extends ConfigFiles {
  /** Name of the ConfigMap that holds them. */
  readonly configMap: string;
  readonly mountPath: string;
}

/** The props of every kind of workload. */
export interface CommonWorkloadProps
  extends Pick<PodProps, 'name' | 'image' | 'platform' | 'resources' | 'ports' | 'initContainers'>,
    Probes {
  /** Value of the label `app.kubernetes.io/component`. */
  readonly component: string;
  /** Labels of its pods, in addition to those of all objects. @default - none */
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly env?: readonly k8s.EnvVar[];
  /** An existing Secret whose keys become environment variables. @default - none */
  readonly envFromSecret?: string;
  readonly files?: readonly WorkloadFiles[];
  /** An existing Secret whose keys are mounted as files. @default - none */
  readonly secretFiles?: { readonly secret: string; readonly mountPath: string };
  /** Existing objects whose keys are mounted as files, below `mountDirectories`. @default - none */
  readonly mounts?: {
    readonly mountedSecrets: readonly string[];
    readonly mountedConfigMaps: readonly string[];
    /** Those of mountedSecrets without which the pod starts too. @default - none */
    readonly optionalSecrets?: readonly string[];
  };
  /** Mount paths of emptyDir volumes. @default - none */
  readonly emptyDirs?: readonly string[];
  /** @default 30 */
  readonly terminationGracePeriodSeconds?: number;
  /** Rules of a ClusterRole for the pod. @default - no service account and no access to the API */
  readonly clusterRoleRules?: readonly k8s.PolicyRule[];
}

export type WorkloadProps = CommonWorkloadProps & WorkloadKind;

/** The name that Kubernetes gives the only pod of a StatefulSet. */
export function statefulSetPodName(name: string): string {
  return `${name}-0`;
}

/** The name that Kubernetes gives the PersistentVolumeClaim of that pod. */
export function volumeClaimName(name: string): string {
  return `${dataVolume}-${statefulSetPodName(name)}`;
}

/** Annotations that suppress rules of checkov and kube-score (https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html). */
function scannerExemptions(props: WorkloadProps): Record<string, string> | undefined {
  const { image } = props;
  const lowUser = { 'kube-score/ignore': 'container-security-context-user-group-id' };
  if (props.kind === 'perNode') {
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
        protocol: port.protocol,
        targetPort: k8s.IntOrString.fromString(port.name),
      }));
    new k8s.KubeService(this, 'service', {
      metadata: { name, labels },
      spec: {
        selector,
        ports,
        type: 'ClusterIP',
        ipFamilyPolicy: props.platform.ipFamilyPolicy,
        clusterIp: props.kind === 'perNode' ? 'None' : undefined,
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
        ...mountedDirectories(props.mounts),
      ],
      dataMountPath: props.kind === 'stateful' ? props.volumeClaim.mountPath : undefined,
      serviceAccountName,
      labels: { ...labels, ...props.podLabels },
      annotations: files.length === 0 ? {} : { [annotationKeys.configHash]: hash(files) },
    });
    const metadata = { name, labels, annotations: scannerExemptions(props) };
    createController(this, props, { metadata, selector, ports, template });
  }

  /**
   * Creates a ServiceAccount bound to a ClusterRole with `clusterRoleRules`; returns its name.
   *
   * @throws SettingsError if the chart has no namespace
   */
  private serviceAccount(props: WorkloadProps, labels: Record<string, string>): string {
    const { name } = props;
    const { namespace } = props.platform;
    if (namespace === '') {
      throw new SettingsError(
        `${this.node.path}: the chart has no namespace, wanted one for the ClusterRoleBinding of ${name}: new Chart(app, id, { namespace })`,
      );
    }
    // Cluster-scoped names are shared by all namespaces, so these begin with the namespace.
    const clusterRole = `${namespace}-${name}`;
    new k8s.KubeServiceAccount(this, 'service-account', {
      metadata: { name, labels },
      automountServiceAccountToken: false,
    });
    const role = new k8s.KubeClusterRole(this, 'cluster-role', {
      metadata: { name: clusterRole, labels },
      rules: [...(props.clusterRoleRules ?? [])],
    });
    const binding = new k8s.KubeClusterRoleBinding(this, 'cluster-role-binding', {
      metadata: { name: clusterRole, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: clusterRole },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    });
    for (const object of [role, binding]) removeNamespace(object);
    return name;
  }
}

/** Every object of a chart has its namespace, also those that are in none. */
function removeNamespace(object: ApiObject): void {
  if (Chart.of(object).namespace === undefined) return;
  object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
}

/** One directory for each mount path, also where several ConfigMaps share it. */
function configDirectories(files: readonly WorkloadFiles[]) {
  const paths = [...new Set(files.map(({ mountPath }) => mountPath))];
  return paths.map((mountPath) => ({
    mountPath,
    configMaps: files.filter((each) => each.mountPath === mountPath).map((each) => each.configMap),
  }));
}

function mountedDirectories(mounts: CommonWorkloadProps['mounts']) {
  const { mountedSecrets = [], mountedConfigMaps = [], optionalSecrets = [] } = mounts ?? {};
  return [
    ...mountedSecrets.map((name) => ({
      configMaps: [],
      secret: name,
      optional: optionalSecrets.includes(name) ? true : undefined,
      mountPath: `${mountDirectories.secrets}/${name}`,
    })),
    ...mountedConfigMaps.map((name) => ({
      configMaps: [name],
      mountPath: `${mountDirectories.configMaps}/${name}`,
    })),
  ];
}

function hash(files: readonly WorkloadFiles[]): string {
  const content = files.map(({ sources: _, ...rest }) => rest);
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
