import { kindAndName, type Manifest } from './manifest.ts';

interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly seccompProfile?: { readonly type: string };
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
}

interface Container {
  readonly name: string;
  readonly securityContext?: SecurityContext;
}

interface PodSpec extends Readonly<Record<string, unknown>> {
  readonly securityContext?: SecurityContext;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly object[];
}

const level = 'pod-security.kubernetes.io/enforce';

/**
 * Where pods do not meet Pod Security "restricted"
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/), or have a root file system that
 * they may write to. Namespaces of the output that enforce the level "privileged" are left out.
 */
export function restrictedMistakes(manifests: readonly Manifest[]): string[] {
  const privileged = manifests
    .filter(
      ({ kind, metadata }) => kind === 'Namespace' && metadata.labels?.[level] === 'privileged',
    )
    .map(({ metadata }) => metadata.name);
  const isPrivileged = ({ metadata: { namespace } }: Manifest) =>
    namespace !== undefined && privileged.includes(namespace);
  return manifests.flatMap((manifest) => {
    if (isPrivileged(manifest)) return [];
    const pod: PodSpec | undefined = manifest.spec?.template?.spec;
    if (pod === undefined) return [];
    return podMistakes(pod).map((mistake) => `${kindAndName(manifest)}: ${mistake}`);
  });
}

function podMistakes(pod: PodSpec): string[] {
  const { containers, initContainers = [], volumes = [] } = pod;
  return [
    ...['hostNetwork', 'hostPID', 'hostIPC']
      .filter((field) => pod[field] === true)
      .map((field) => `${field} is true, wanted false`),
    ...(volumes.some((volume) => 'hostPath' in volume) ? ['has a hostPath volume'] : []),
    ...[...initContainers, ...containers].flatMap(({ name, securityContext }) =>
      containerMistakes({ ...pod.securityContext, ...securityContext }).map(
        (mistake) => `container ${name}: ${mistake}`,
      ),
    ),
  ];
}

/** @param context of the container, over that of its pod */
function containerMistakes(context: SecurityContext): string[] {
  const { capabilities = {}, seccompProfile, runAsUser } = context;
  const wanted = {
    'runAsNonRoot: true': context.runAsNonRoot === true,
    'runAsUser: a number above 0': runAsUser !== undefined && runAsUser > 0,
    'seccompProfile: RuntimeDefault or Localhost': ['RuntimeDefault', 'Localhost'].includes(
      seccompProfile?.type ?? '',
    ),
    'allowPrivilegeEscalation: false': context.allowPrivilegeEscalation === false,
    'readOnlyRootFilesystem: true': context.readOnlyRootFilesystem === true,
    'capabilities.drop: [ALL]': capabilities.drop?.includes('ALL') === true,
    'capabilities.add: at most NET_BIND_SERVICE': (capabilities.add ?? []).every(
      (name) => name === 'NET_BIND_SERVICE',
    ),
  };
  return Object.entries(wanted)
    .filter(([, met]) => !met)
    .map(([text]) => `wanted ${text}`);
}
