import { stringify } from 'yaml';
import { z } from 'zod';
import { kubectlList, type Target } from '../../cluster/kubectl.ts';
import { mantisSelector } from '../../cluster/pods.ts';
import { prunedKinds } from '../../cluster/prune.ts';
import { allTargets } from '../../cluster/related-namespaces.ts';
import type { Revision } from './revision.ts';

const objectSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({}).optional(),
});

type CompleteObject = z.output<typeof objectSchema>;

const scaleTargetSchema = z.object({ scaleTargetRef: z.object({ name: z.string() }) });

/** Metadata that the API server sets, and that an apply must not have. */
const serverFields = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'managedFields',
  'ownerReferences',
];

/**
 * The live objects as manifests, for an installation without a recorded revision, such as one that
 * was applied with kubectl. Without cluster-scoped objects, which hold no configuration.
 */
export async function liveRevision(target: Target): Promise<Revision | undefined> {
  const kinds = prunedKinds.namespaced.filter((kind) => kind !== 'Job').join(',');
  const args = ['get', kinds, mantisSelector];
  const targets = await allTargets(target);
  const lists = await Promise.all(targets.map((each) => kubectlList(each, objectSchema, args)));
  const documents = toManifests(lists.flat()).map((each) => stringify(each));
  return documents.length === 0 ? undefined : { '1000-live.k8s.yaml': documents.join('---\n') };
}

/** Manifests of live objects, without the replicas of Deployments that an autoscaler scales. */
export function toManifests(items: readonly CompleteObject[]): object[] {
  const scaled = items.flatMap(
    ({ spec }) => scaleTargetSchema.safeParse(spec).data?.scaleTargetRef.name ?? [],
  );
  return items.map((each) => {
    if (each.kind !== 'Deployment' || !scaled.includes(each.metadata.name)) return toManifest(each);
    const { replicas: _, ...spec } = each.spec ?? {};
    return toManifest({ ...each, spec });
  });
}

/** The manifest of a live object: without its status and the fields that the API server sets. */
export function toManifest(live: CompleteObject): object {
  const { status: _, ...rest } = live;
  const metadata = Object.fromEntries(
    Object.entries(live.metadata).filter(([name]) => !serverFields.includes(name)),
  );
  const { clusterIP: _ip, clusterIPs: _ips, ...spec } = live.spec ?? {};
  const headless = live.spec?.clusterIP === 'None' ? { clusterIP: 'None' } : {};
  return { ...rest, metadata, ...(live.spec !== undefined && { spec: { ...spec, ...headless } }) };
}
