import { stringify } from 'yaml';
import { z } from 'zod';
import { kubectlJson, type Target } from '../../cluster/kubectl.ts';
import { ourSelector } from '../../cluster/pods.ts';
import { prunedKinds } from '../../cluster/prune.ts';
import { allTargets } from '../../cluster/related-namespaces.ts';
import type { Revision } from './revision.ts';

const object = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({}).optional(),
});

type LiveObject = z.output<typeof object>;

const scaledBy = z.object({ scaleTargetRef: z.object({ name: z.string() }) });

/** What the API server writes itself and does not take back. */
const ofServer = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'managedFields',
  'ownerReferences',
];

/**
 * What runs now, as manifests: for installations that nobody deployed with a revision, such as by
 * kubectl alone. Only what is in the namespace: cluster-wide objects hold no configuration.
 */
export async function liveRevision(target: Target): Promise<Revision | undefined> {
  const kinds = prunedKinds.namespaced.filter((kind) => kind !== 'Job').join(',');
  const args = ['get', kinds, ourSelector];
  const schema = z.object({ items: z.array(object) });
  const places = await allTargets(target);
  const lists = await Promise.all(places.map((place) => kubectlJson(place, schema, args)));
  const items = lists.flatMap((list) => list.items);
  const documents = writableAll(items).map((each) => stringify(each));
  return items.length === 0 ? undefined : { '1000-live.k8s.yaml': documents.join('---\n') };
}

/** The same for many, without the number of replicas where an autoscaler decides on it. */
export function writableAll(items: readonly LiveObject[]): object[] {
  const scaled = items.flatMap(
    ({ spec }) => scaledBy.safeParse(spec).data?.scaleTargetRef.name ?? [],
  );
  return items.map((each) => {
    if (each.kind !== 'Deployment' || !scaled.includes(each.metadata.name)) return writable(each);
    const { replicas: _, ...spec } = each.spec ?? {};
    return writable({ ...each, spec });
  });
}

/** An object as a person could have written it. */
export function writable(live: LiveObject): object {
  const { status: _, ...rest } = live;
  const metadata = Object.fromEntries(
    Object.entries(live.metadata).filter(([name]) => !ofServer.includes(name)),
  );
  const { clusterIP: _ip, clusterIPs: _ips, ...spec } = live.spec ?? {};
  const headless = live.spec?.clusterIP === 'None' ? { clusterIP: 'None' } : {};
  return { ...rest, metadata, ...(live.spec !== undefined && { spec: { ...spec, ...headless } }) };
}
