import { exists, kubectl, kubectlJson, kubectlList, type Target } from '../../cluster/kubectl.ts';
import { parseDocuments, parseManifests } from '../../cluster/manifests.ts';
import type { Session } from '../../cluster/session.ts';
import type { Revision } from '../state/revision.ts';
import { checkAppImage } from './app-image.ts';
import { checkAutoscaling, metricsApi } from './autoscaling.ts';
import { checkCapacity, scheduledPodSchema } from './capacity.ts';
import { checkConfigMaps, requiredConfigMaps } from './config-maps.ts';
import { checkVolumes, statefulSetSchema, volumeChanges } from './immutable-fields.ts';
import { checkOutsideObjects, readOutsideCluster } from './outside.ts';
import { checkPermissions, requiredPermissions } from './permissions.ts';
import { type Requirement, warning } from './requirement.ts';
import { checkSecrets, readSecretKeys, requiredSecrets } from './secrets.ts';
import { checkStorage, storageClassOf, storageClassSchema } from './storage.ts';
import { checkVersions, nodeSchema, versionsSchema } from './versions.ts';

export async function checkRequirements(
  { settings, target }: Session,
  output: Revision,
): Promise<Requirement[]> {
  const texts = Object.values(output);
  const objects = texts.flatMap(parseDocuments);
  // Without the permission to read it, the check of permissions fails below.
  const fresh = !(await exists(target, 'namespace', target.namespace).catch(() => true));
  const manifests = texts.flatMap(parseManifests);
  const needed = requiredPermissions(manifests, target.namespace, fresh);
  const permissions = await checkPermissions(target, needed);
  // The other checks need some of these permissions.
  if (permissions.status === 'failed') return [permissions];
  const [versions, classes, statefulSets, configMaps, metrics, outside] = await Promise.all([
    kubectlJson(target, versionsSchema, ['version']),
    kubectlList(target, storageClassSchema, ['get', 'storageclasses']).catch(() => undefined),
    kubectlList(target, statefulSetSchema, ['get', 'statefulsets']),
    kubectl(target, ['get', 'configmaps', '--output=name']),
    kubectl(target, ['get', '--raw', metricsApi]).catch(() => undefined),
    readOutsideCluster({ settings, target }),
  ]);
  const expandable = storageClassOf(settings, classes ?? [])?.allowVolumeExpansion ?? false;
  return [
    ...(await checkNodes(target, versions, objects)),
    permissions,
    classes === undefined
      ? warning('StorageClass', 'you may not list StorageClasses', 'ask an administrator')
      : checkStorage(settings, classes),
    checkVolumes(volumeChanges(objects, statefulSets), target, expandable),
    await checkRequiredSecrets({ settings, target }, fresh),
    checkConfigMaps(requiredConfigMaps(settings), configMaps.split('\n'), target, fresh),
    checkAppImage(settings, target),
    ...checkAutoscaling(manifests, metrics !== undefined),
    ...checkOutsideObjects(settings, outside),
  ];
}

async function checkRequiredSecrets(
  { settings, target }: Session,
  fresh: boolean,
): Promise<Requirement> {
  const required = requiredSecrets(settings);
  const existing = new Map<string, readonly string[]>();
  for (const { name } of required) {
    const keys = await readSecretKeys(target, name);
    if (keys !== undefined) existing.set(name, keys);
  }
  return checkSecrets(required, existing, target, fresh);
}

/** A user whose permissions end at the namespace cannot list nodes, which is only a warning. */
async function checkNodes(
  target: Target,
  versions: Parameters<typeof checkVersions>[0],
  objects: readonly unknown[],
): Promise<Requirement[]> {
  try {
    const [nodes, pods] = await Promise.all([
      kubectlList(target, nodeSchema, ['get', 'nodes']),
      kubectlList(target, scheduledPodSchema, ['get', 'pods', '--all-namespaces']),
    ]);
    return [
      ...checkVersions(versions, nodes),
      checkCapacity(objects, nodes, pods, target.namespace),
    ];
  } catch {
    return [
      ...checkVersions(versions, []),
      warning('capacity', 'you may not list nodes or pods', 'ask an administrator'),
    ];
  }
}
