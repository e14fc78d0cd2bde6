import { exists, kubectlJson, type Target } from '../../cluster/kubectl.ts';
import { parseManifests, parseObjects } from '../../cluster/manifests.ts';
import type { Session } from '../../cluster/session.ts';
import type { Revision } from '../state/revision.ts';
import { checkAppImage } from './app-image.ts';
import { askAutoscaling } from './autoscaling.ts';
import { checkCapacity, podsSchema } from './capacity.ts';
import { checkVolumes, liveStatefulSetsSchema, volumeChanges } from './immutable.ts';
import { type Requirement, warning } from './requirement.ts';
import { askRights, rightsFor } from './rights.ts';
import { checkSecrets, keysOf, wantedSecrets } from './secrets.ts';
import { checkStorage, classOf, storageClassesSchema } from './storage.ts';
import { checkVersions, nodesSchema, versionsSchema } from './versions.ts';

/** Everything that is asked of a cluster before anything is changed. */
export async function askRequirements(
  { settings, target }: Session,
  output: Revision,
): Promise<Requirement[]> {
  const texts = Object.values(output);
  const objects = texts.flatMap(parseObjects);
  // Who may not look is told below that he may not.
  const there = await exists(target, 'namespace', target.namespace).catch(() => true);
  const wanted = rightsFor(texts.flatMap(parseManifests), target.namespace, !there);
  const rights = await askRights(target, wanted);
  // Who may not do this may not ask the rest either.
  if (rights.status === 'failed') return [rights];
  const [versions, classes, statefulSets] = await Promise.all([
    kubectlJson(target, versionsSchema, ['version']),
    kubectlJson(target, storageClassesSchema, ['get', 'storageclasses']).catch(() => undefined),
    kubectlJson(target, liveStatefulSetsSchema, ['get', 'statefulsets']),
  ]);
  const expandable = classOf(settings, classes?.items ?? [])?.allowVolumeExpansion ?? false;
  return [
    ...(await ofNodes(target, versions, objects)),
    rights,
    classes === undefined
      ? warning('StorageClass', 'classes cannot be listed', 'ask somebody who may')
      : checkStorage(settings, classes.items),
    checkVolumes(volumeChanges(objects, statefulSets.items), target, expandable),
    await ofSecrets({ settings, target }, objects, !there),
    checkAppImage(settings, target),
    ...(await askAutoscaling(target, objects)),
  ];
}

async function ofSecrets(
  { settings, target }: Session,
  objects: readonly unknown[],
  fresh: boolean,
): Promise<Requirement> {
  const wanted = wantedSecrets(objects, settings);
  const there = new Map<string, readonly string[]>();
  for (const { name } of wanted) {
    const keys = await keysOf(target, name);
    if (keys !== undefined) there.set(name, keys);
  }
  return checkSecrets(wanted, there, settings, target, fresh);
}

/** Who may only use a namespace may not see nodes; that alone shall not keep him from deploying. */
async function ofNodes(
  target: Target,
  versions: Parameters<typeof checkVersions>[0],
  objects: readonly unknown[],
): Promise<Requirement[]> {
  try {
    const [nodes, pods] = await Promise.all([
      kubectlJson(target, nodesSchema, ['get', 'nodes']),
      kubectlJson(target, podsSchema, ['get', 'pods', '--all-namespaces']),
    ]);
    return [
      ...checkVersions(versions, nodes.items),
      checkCapacity(objects, nodes.items, pods.items, target.namespace),
    ];
  } catch {
    return [
      ...checkVersions(versions, []),
      warning('capacity', 'nodes or pods cannot be listed', 'ask somebody who may'),
    ];
  }
}
