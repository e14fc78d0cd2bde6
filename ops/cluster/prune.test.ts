import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../charts/synth.ts';
import { customersName, loadTestName } from '../../lib/jobs/load.ts';
import { type ImageName, images, onDemand, releaseOf } from '../../lib/model/images.ts';
import { commonLabels, loadGeneratorLabels } from '../../lib/model/labels.ts';
import { settingsSchema } from '../../lib/schema.ts';
import { imagesOf, readManifests } from './manifests.ts';
import { isLoadTest, type LiveObject, orphanedObjects, prunedKinds } from './prune.ts';

function output(settings = settingsSchema.parse({})) {
  const directory = mkdtempSync(join(tmpdir(), 'mantis-'));
  synthesize(settings, directory, { local: true });
  const manifests = readManifests(directory);
  rmSync(directory, { recursive: true });
  return manifests;
}

const manifests = output();
const namespace = 'observability';

const live = (kind: string, name: string, more: Partial<LiveObject['metadata']> = {}) => ({
  kind,
  metadata: { name, namespace, ...more },
});
const names = (objects: readonly LiveObject[]) =>
  objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);

test('every kind that we emit can be removed again, apart from the namespace', () => {
  const kinds = new Set(manifests.map(({ kind }) => kind));
  kinds.delete('Namespace');
  const pruned: readonly string[] = [...prunedKinds.namespaced, ...prunedKinds.cluster];
  expect([...kinds].filter((kind) => !pruned.includes(kind))).toEqual([]);
});

test.each(['Namespace', 'PersistentVolumeClaim', 'PersistentVolume', 'Secret'])(
  'a %s is never removed',
  (kind) => {
    expect([...prunedKinds.namespaced, ...prunedKinds.cluster]).not.toContain(kind);
  },
);

test('what the output has stays, what it no longer has goes', () => {
  const objects = [live('StatefulSet', 'loki'), live('ConfigMap', 'grafana-dashboard-old')];
  expect(names(orphanedObjects(objects, manifests, namespace))).toEqual([
    'ConfigMap/grafana-dashboard-old',
  ]);
});

test('without the test app its Deployments and Services go', () => {
  const without = output(settingsSchema.parse({ testApp: { enabled: false } }));
  const objects = [live('Deployment', 'shop'), live('Service', 'shop'), live('Service', 'loki')];
  expect(names(orphanedObjects(objects, without, namespace))).toEqual([
    'Deployment/shop',
    'Service/shop',
  ]);
});

test('what others own, or what is going already, is left to them', () => {
  const objects = [
    live('ConfigMap', 'a', { ownerReferences: [{ kind: 'StatefulSet' }] }),
    live('ConfigMap', 'b', { deletionTimestamp: '2026-11-23T00:00:00Z' }),
  ];
  expect(orphanedObjects(objects, manifests, namespace)).toEqual([]);
});

test('cluster-wide objects of another installation stay, our own old ones go', () => {
  const pair = (owner: string, name: string): LiveObject[] => [
    { kind: 'ClusterRole', metadata: { name } },
    {
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { name },
      subjects: [{ namespace: owner }],
    },
  ];
  const objects = [
    ...pair(namespace, `${namespace}-prometheus`),
    ...pair(namespace, `${namespace}-old`),
    ...pair('observability-2', 'observability-2-prometheus'),
  ];
  expect(names(orphanedObjects(objects, manifests, namespace))).toEqual([
    `ClusterRole/${namespace}-old`,
    `ClusterRoleBinding/${namespace}-old`,
  ]);
});

test('switched off, the cluster view goes, and all of it can', () => {
  const view = 'observability-cluster';
  const on = output(settingsSchema.parse({ clusterView: { enabled: true } }));
  const own = on.filter(({ metadata }) => metadata.namespace === view);
  const pruned: readonly string[] = prunedKinds.namespaced;
  expect(own.map(({ kind }) => kind).filter((kind) => !pruned.includes(kind))).toEqual([]);
  const gone = orphanedObjects(own, manifests, view);
  expect(gone.length).toBe(own.length);
  expect(own.length).toBeGreaterThan(10);
  // Nothing of the stack is taken for a part of it that is gone.
  const stack = on.filter(({ metadata }) => metadata.namespace === namespace);
  const kept = orphanedObjects(stack, on, namespace);
  expect(kept).toEqual([]);
});

test('a deployment ends no load test, and takes away customers that are switched off', () => {
  const labels = loadGeneratorLabels;
  const objects = [
    live('Job', loadTestName, { labels }),
    live('ConfigMap', loadTestName, { labels }),
    live('NetworkPolicy', 'load-generators', { labels }),
    live('Deployment', customersName, { labels }),
    live('ConfigMap', 'grafana-dashboard-old', { labels: commonLabels }),
  ];
  const [job, files, policy] = objects;
  expect(objects.filter(isLoadTest)).toEqual([job, files, policy]);
});

test('the images of the output are those of lib/model/images.ts', () => {
  const names = (Object.keys(images) as ImageName[]).filter((name) => !onDemand.includes(name));
  const references = names.map((name) => releaseOf(images[name]));
  const all = output(settingsSchema.parse({ clusterView: { enabled: true } }));
  expect(imagesOf(all)).toEqual(references.sort());
});
