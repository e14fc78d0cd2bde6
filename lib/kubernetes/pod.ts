import { type Size, SizeRoundingBehavior } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { type Image, imageReference } from '../model/images.ts';
import type { Port } from '../model/topology.ts';
import type { Resources } from '../settings/common.ts';
import type { Platform } from '../settings/platform.ts';

/** Name of the volume of a pod that has one of its own. */
export const dataVolume = 'data';

/** A port that can be connected to or, with a path, one that answers there with 2xx, when all is well. */
export interface Check {
  readonly port: Port;
  readonly path?: string;
}

/**
 * How the kubelet sees whether a pod is well. The two are never the same: what is not ready gets
 * nothing to do for a while, what is not alive is killed.
 */
export interface Probes {
  readonly ready: Check;
  readonly live: Check;
  /** How long a first start or the replay of a write-ahead log may take. */
  readonly startupSeconds: number;
}

/** Files from ConfigMaps or a Secret, in one directory of the container. */
export interface ConfigDirectory {
  readonly configMaps: readonly string[];
  /** An existing Secret whose keys are files too. */
  readonly secret?: string;
  readonly mountPath: string;
  /** Where in the directory each key is found, if not under its own name. */
  readonly paths?: Readonly<Record<string, string>>;
}

/** A directory of the node that a pod sees. */
export interface NodeDirectory {
  readonly path: string;
  /** Also writable, and made where it is missing. @default false */
  readonly writable?: boolean;
}

export interface PodProps {
  readonly name: string;
  readonly image: Image;
  readonly platform: Platform;
  readonly resources: Resources;
  readonly ports: readonly Port[];
  readonly args: readonly string[];
  readonly env: readonly k8s.EnvVar[];
  /** An existing Secret whose keys become variables too. */
  readonly envSecret?: string;
  readonly config: readonly ConfigDirectory[];
  /** Mount path of the volume that holds its data. */
  readonly dataPath?: string;
  /** Directories that are writable and lost with the pod. */
  readonly scratch: readonly string[];
  /**
   * Directories of its node. They belong to root and are closed to others, so such a pod runs as
   * user 0, with no capability that would let it pass the permissions of files. @default - none
   */
  readonly nodeDirectories?: readonly NodeDirectory[];
  /** @default - for a pod that serves nobody: no probes */
  readonly probes?: Probes;
  readonly terminationGracePeriodSeconds: number;
  /** Set only where the program asks the Kubernetes API. */
  readonly serviceAccountName?: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

/** A pod template; Kubernetes' own type would also do without its parts. */
export type PodTemplate = Required<k8s.PodTemplateSpec>;

/** A quantity as Kubernetes writes it. */
export function quantity(size: Size): k8s.Quantity {
  return k8s.Quantity.fromString(size.asString());
}

/**
 * The pod that every component is: one container that meets Pod Security "restricted" (but for
 * directories of its node), with a read-only root file system, probes on the real endpoint and no
 * API token unless asked for.
 */
export function podTemplate(props: PodProps): PodTemplate {
  const { nodeDirectories = [] } = props;
  return {
    metadata: { labels: props.labels, annotations: props.annotations },
    spec: {
      // What asks the API has its token in a volume of its own, below.
      automountServiceAccountToken: false,
      serviceAccountName: props.serviceAccountName,
      // Otherwise a Service named otel-… would inject OTEL_… variables that SDKs read.
      enableServiceLinks: false,
      imagePullSecrets:
        props.platform.imagePullSecret === undefined
          ? undefined
          : [{ name: props.platform.imagePullSecret }],
      terminationGracePeriodSeconds: props.terminationGracePeriodSeconds,
      securityContext: {
        ...(nodeDirectories.length > 0 ? { runAsUser: 0, runAsGroup: 0 } : user(props.image.uid)),
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [container(props)],
      volumes: [
        ...props.config.map((directory) => configVolume(directory)),
        ...props.scratch.map((path) => ({
          name: volumeName(path),
          emptyDir: { sizeLimit: k8s.Quantity.fromString('256Mi') },
        })),
        ...nodeDirectories.map(({ path, writable }) => ({
          name: volumeName(path),
          hostPath: { path, type: writable ? 'DirectoryOrCreate' : 'Directory' },
        })),
        ...(props.serviceAccountName === undefined ? [] : [apiAccess]),
      ],
    },
  };
}

function user(uid: number): k8s.PodSecurityContext {
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
    envFrom: props.envSecret === undefined ? undefined : [{ secretRef: { name: props.envSecret } }],
    ports: props.ports.map((port) => ({ name: port.name, containerPort: port.number })),
    resources: {
      requests: {
        cpu: k8s.Quantity.fromString(cpu),
        memory: quantity(memory),
        'ephemeral-storage': k8s.Quantity.fromString('64Mi'),
      },
      // What a container logs, which the kubelet rotates at some 50 MiB, and its scratch directories.
      limits: {
        memory: quantity(memoryLimit),
        'ephemeral-storage': k8s.Quantity.fromString('1Gi'),
      },
    },
    ...(props.probes && probes(props.probes)),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      ...(props.dataPath === undefined ? [] : [{ name: dataVolume, mountPath: props.dataPath }]),
      ...props.config.map(({ mountPath }) => ({
        name: volumeName(mountPath),
        mountPath,
        readOnly: true,
      })),
      ...props.scratch.map((path) => ({ name: volumeName(path), mountPath: path })),
      ...(props.nodeDirectories ?? []).map(({ path, writable }) => ({
        name: volumeName(path),
        mountPath: path,
        readOnly: !writable,
      })),
      ...(props.serviceAccountName === undefined
        ? []
        : [{ name: apiAccess.name, mountPath: apiAccessPath, readOnly: true }]),
    ],
  };
}

/** Where client libraries look for what lets them ask the API server. */
const apiAccessPath = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * What the API server would mount by itself, asked for in writing: a token that is renewed every
 * hour and ends with the pod, and how the server is known
 * (https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken).
 */
const apiAccess: k8s.Volume = {
  name: 'kube-api-access',
  projected: {
    sources: [
      { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardApi: {
          items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
  },
};

function probes({ ready, live, startupSeconds }: Probes) {
  return {
    startupProbe: {
      ...check(ready),
      periodSeconds: 1,
      timeoutSeconds: 2,
      failureThreshold: startupSeconds,
    },
    readinessProbe: { ...check(ready), periodSeconds: 5, timeoutSeconds: 3 },
    livenessProbe: {
      ...check(live),
      periodSeconds: 15,
      timeoutSeconds: 5,
      failureThreshold: 4,
    },
  };
}

function check({ port, path }: Check): k8s.Probe {
  const where = { port: k8s.IntOrString.fromString(port.name) };
  return path === undefined ? { tcpSocket: where } : { httpGet: { ...where, path } };
}

function configVolume({ configMaps, secret, mountPath, paths }: ConfigDirectory): k8s.Volume {
  const items = paths && Object.entries(paths).map(([key, path]) => ({ key, path }));
  return {
    name: volumeName(mountPath),
    projected: {
      sources: [
        ...configMaps.map((name) => ({ configMap: { name, items } })),
        ...(secret === undefined ? [] : [{ secret: { name: secret } }]),
      ],
    },
  };
}

function volumeName(path: string): string {
  return path.replace(/^\//, '').replaceAll(/[/._]/g, '-');
}

/**
 * GOMEMLIMIT for a Go program: 80 % of the container's limit, so that its collector works harder
 * before the kernel kills it.
 */
export function goMemoryLimit(resources: Resources): k8s.EnvVar {
  const mebibytes = resources.memoryLimit.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR });
  return { name: 'GOMEMLIMIT', value: `${Math.floor(mebibytes * 0.8)}MiB` };
}
