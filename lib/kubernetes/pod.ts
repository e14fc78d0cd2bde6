import { k8s } from 'cdk8s-plus-28';
import { type Image, imageReference } from '../model/images.ts';
import type { Port } from '../model/ports.ts';
import type { Resources } from '../settings/common.ts';
import type { Platform } from '../settings/platform.ts';
import { quantity } from './resources.ts';
import { scheduling } from './scheduling.ts';

/** Name of the volume claim template of every StatefulSet, and of the volume in its pods. */
export const dataVolume = 'data';

/**
 * Names with as many dots are looked up as they are first, others in the search domains first. Every
 * Service's full name has more, and with Kubernetes' 5 a search domain with a wildcard record would
 * lead it away; not 1, with which a short name such as `smtp.dev` would be one of the internet first.
 */
const dnsDots = '2';

/** What a probe requests: with a path an HTTP GET, without one a TCP connection. */
export interface ProbeTarget {
  readonly port: Port;
  readonly path?: string;
}

/** The probes of a container. The startup probe requests the same as the readiness probe. */
export interface Probes {
  readonly readinessProbe: ProbeTarget;
  readonly livenessProbe: ProbeTarget;
  /**
   * Seconds after which a container that has not started is restarted; long enough for the replay
   * of a write-ahead log.
   */
  readonly startupDeadlineSeconds: number;
}

/** Files from ConfigMaps or a Secret, in one directory of the container. */
export interface ConfigDirectory {
  readonly configMaps: readonly string[];
  /** An existing Secret whose keys become files in the directory too. @default - none */
  readonly secret?: string;
  /** Start without the Secret, whose keys appear once it exists. @default false */
  readonly optional?: boolean;
  readonly mountPath: string;
  /** Path of each key below the directory. @default - the key itself */
  readonly paths?: Readonly<Record<string, string>>;
}

/** A hostPath volume. */
export interface HostPathMount {
  readonly path: string;
  /** Mount it writable, and create the directory where it is missing. @default false */
  readonly writable?: boolean;
}

/**
 * A container that ends before the main container starts. It has the same volumes, and no
 * environment.
 */
export interface InitContainer {
  readonly name: string;
  readonly image: Image;
  readonly args: readonly string[];
  readonly resources: Resources;
}

export interface PodProps {
  readonly name: string;
  readonly image: Image;
  readonly platform: Platform;
  readonly resources: Resources;
  readonly ports: readonly Port[];
  readonly args: readonly string[];
  readonly env: readonly k8s.EnvVar[];
  /** An existing Secret whose keys become environment variables. @default - none */
  readonly envFromSecret?: string;
  readonly configDirectories: readonly ConfigDirectory[];
  /** Mount path of the volume of the claim template. @default - no such volume */
  readonly dataMountPath?: string;
  /** Mount paths of emptyDir volumes. */
  readonly emptyDirs: readonly string[];
  /**
   * hostPath volumes. Their directories are only accessible to root, so the pod runs as user 0,
   * without any capability that would bypass file permissions. @default - none
   */
  readonly hostPaths?: readonly HostPathMount[];
  /** @default - none, for a pod without a Service */
  readonly probes?: Probes;
  /** They run one after the other. @default - none */
  readonly initContainers?: readonly InitContainer[];
  readonly terminationGracePeriodSeconds: number;
  /** Set only where the program uses the Kubernetes API. @default - no API token is mounted */
  readonly serviceAccountName?: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

/** A pod template whose metadata and spec are present, unlike in the generated type. */
export type PodTemplate = Required<k8s.PodTemplateSpec>;

/**
 * The pod template of every workload: one container that meets Pod Security "restricted" (except
 * for hostPath volumes), with a read-only root file system and no API token unless a service
 * account is set.
 */
export function podTemplate(props: PodProps): PodTemplate {
  const { hostPaths = [], platform } = props;
  return {
    metadata: {
      labels: { ...platform.podLabels, ...props.labels },
      annotations: { ...platform.podAnnotations, ...props.annotations },
    },
    spec: {
      ...scheduling(props.name, platform),
      // A pod that uses the API mounts its token from the projected volume below.
      automountServiceAccountToken: false,
      // Always set: where it is left out of an update, the API server takes the previous one from the
      // deprecated field serviceAccount, and the pod is refused once that ServiceAccount is deleted.
      serviceAccountName: props.serviceAccountName ?? 'default',
      // Otherwise a Service named otel-… would inject OTEL_… variables that SDKs read.
      enableServiceLinks: false,
      dnsConfig: { options: [{ name: 'ndots', value: dnsDots }] },
      imagePullSecrets:
        props.platform.imagePullSecret === undefined
          ? undefined
          : [{ name: props.platform.imagePullSecret }],
      terminationGracePeriodSeconds: props.terminationGracePeriodSeconds,
      securityContext: {
        ...(hostPaths.length > 0 ? { runAsUser: 0, runAsGroup: 0 } : nonRootUser(props)),
        seccompProfile: { type: 'RuntimeDefault' },
      },
      initContainers: props.initContainers?.map((own) =>
        container({
          ...props,
          ...own,
          ports: [],
          env: [],
          envFromSecret: undefined,
          probes: undefined,
        }),
      ),
      containers: [container(props)],
      volumes: [
        ...props.configDirectories.map((directory) => configVolume(directory)),
        ...props.emptyDirs.map((path) => ({
          name: volumeName(path),
          emptyDir: { sizeLimit: k8s.Quantity.fromString('256Mi') },
        })),
        ...hostPaths.map(({ path, writable }) => ({
          name: volumeName(path),
          hostPath: { path, type: writable ? 'DirectoryOrCreate' : 'Directory' },
        })),
        ...(props.serviceAccountName === undefined ? [] : [serviceAccountVolume]),
      ],
    },
  };
}

function nonRootUser({ image: { uid }, platform }: PodProps): k8s.PodSecurityContext {
  if (platform.assignedUserIds) return { runAsNonRoot: true };
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: uid,
    fsGroup: uid,
    fsGroupChangePolicy: 'OnRootMismatch',
  };
}

function container(props: PodProps): k8s.Container {
  const { cpu, memory, memoryLimit } = props.resources;
  return {
    name: props.name,
    image: imageReference(props.image, props.platform),
    imagePullPolicy: props.platform.imagePullPolicy,
    args: props.args.length > 0 ? [...props.args] : undefined,
    env: props.env.length > 0 ? [...props.env] : undefined,
    envFrom:
      props.envFromSecret === undefined
        ? undefined
        : [{ secretRef: { name: props.envFromSecret } }],
    // The status of a pod that crashes then says why, which the doctor reads.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    ports: props.ports.map(({ name, number, protocol }) => ({
      name,
      containerPort: number,
      protocol,
    })),
    resources: {
      requests: {
        cpu: k8s.Quantity.fromString(cpu),
        memory: quantity(memory),
        'ephemeral-storage': k8s.Quantity.fromString('64Mi'),
      },
      // Container logs, which the kubelet rotates at about 50 MiB, and emptyDir volumes.
      limits: {
        memory: quantity(memoryLimit),
        'ephemeral-storage': k8s.Quantity.fromString('1Gi'),
      },
    },
    ...(props.probes && containerProbes(props.probes)),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      ...(props.dataMountPath === undefined
        ? []
        : [{ name: dataVolume, mountPath: props.dataMountPath }]),
      ...props.configDirectories.map(({ mountPath }) => ({
        name: volumeName(mountPath),
        mountPath,
        readOnly: true,
      })),
      ...props.emptyDirs.map((path) => ({ name: volumeName(path), mountPath: path })),
      ...(props.hostPaths ?? []).map(({ path, writable }) => ({
        name: volumeName(path),
        mountPath: path,
        readOnly: !writable,
      })),
      ...(props.serviceAccountName === undefined
        ? []
        : [
            { name: serviceAccountVolume.name, mountPath: serviceAccountMountPath, readOnly: true },
          ]),
    ],
  };
}

/** Where Kubernetes client libraries look for the token and the CA certificate. */
const serviceAccountMountPath = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The volume that the API server would mount with automountServiceAccountToken: a token that is
 * renewed every hour and expires with the pod, the CA certificate and the namespace
 * (https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken).
 */
const serviceAccountVolume: k8s.Volume = {
  name: 'kube-api-access',
  projected: {
    sources: [
      { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardApi: {
          items: [{ path: 'namespace', fieldRef: fieldRef('metadata.namespace') }],
        },
      },
    ],
  },
};

/**
 * A field of the pod, with the version that the API server adds: without it, every apply by another
 * field manager would be a conflict.
 */
export function fieldRef(fieldPath: string): k8s.ObjectFieldSelector {
  return { apiVersion: 'v1', fieldPath };
}

function containerProbes({ readinessProbe, livenessProbe, startupDeadlineSeconds }: Probes) {
  return {
    startupProbe: {
      ...probeHandler(readinessProbe),
      periodSeconds: 1,
      timeoutSeconds: 2,
      failureThreshold: startupDeadlineSeconds,
    },
    readinessProbe: { ...probeHandler(readinessProbe), periodSeconds: 5, timeoutSeconds: 3 },
    livenessProbe: {
      ...probeHandler(livenessProbe),
      periodSeconds: 15,
      timeoutSeconds: 5,
      failureThreshold: 4,
    },
  };
}

function probeHandler({ port, path }: ProbeTarget): k8s.Probe {
  const where = { port: k8s.IntOrString.fromString(port.name) };
  return path === undefined ? { tcpSocket: where } : { httpGet: { ...where, path } };
}

function configVolume({
  configMaps,
  secret,
  optional,
  mountPath,
  paths,
}: ConfigDirectory): k8s.Volume {
  const items = paths && Object.entries(paths).map(([key, path]) => ({ key, path }));
  return {
    name: volumeName(mountPath),
    projected: {
      sources: [
        ...configMaps.map((name) => ({ configMap: { name, items } })),
        ...(secret === undefined ? [] : [{ secret: { name: secret, optional } }]),
      ],
    },
  };
}

function volumeName(path: string): string {
  return path.replace(/^\//, '').replaceAll(/[/._]/g, '-');
}
