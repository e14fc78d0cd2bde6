import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeDeployment } from '../../charts/synth-local.ts';
import { customersName, loadTestName } from '../../lib/jobs/load.ts';
import { type ImageName, images, taggedName } from '../../lib/model/images.ts';
import { commonLabels, loadGeneratorLabels } from '../../lib/model/labels.ts';
import { settingsSchema } from '../../lib/schema.ts';
import { imagesOf, readManifests } from './manifests.ts';
import { isLoadTest, type LiveObject, orphanedObjects, prunedKinds } from './prune.ts';

function output(settings = settingsSchema.parse({})) {
  const directory = mkdtempSync(join(tmpdir(), 'mantis-'));
  synthesizeDeployment(settings, directory, { local: true });
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

test('every kind of the manifests is pruned, apart from the namespace', () => {
  const kinds = new Set(manifests.map(({ kind }) => kind));
  kinds.delete('Namespace');
  const pruned: readonly string[] = [...prunedKinds.namespaced, ...prunedKinds.cluster];
  expect([...kinds].filter((kind) => !pruned.includes(kind))).toEqual([]);
});

test.each(['Namespace', 'PersistentVolumeClaim', 'PersistentVolume', 'Secret'])(
  'a %s is never pruned',
  (kind) => {
    expect([...prunedKinds.namespaced, ...prunedKinds.cluster]).not.toContain(kind);
  },
);

test('live objects that the manifests do not have are orphaned', () => {
  const objects = [live('StatefulSet', 'loki'), live('ConfigMap', 'grafana-dashboard-old')];
  expect(names(orphanedObjects(objects, manifests, namespace))).toEqual([
    'ConfigMap/grafana-dashboard-old',
  ]);
});

test('without the test app its Deployments and Services are orphaned', () => {
  const without = output(settingsSchema.parse({ testApp: { enabled: false } }));
  const objects = [live('Deployment', 'shop'), live('Service', 'shop'), live('Service', 'loki')];
  expect(names(orphanedObjects(objects, without, namespace))).toEqual([
    'Deployment/shop',
    'Service/shop',
  ]);
});

test('objects that have an owner or are being deleted are not orphaned', () => {
  const objects = [
    live('ConfigMap', 'a', { ownerReferences: [{ kind: 'StatefulSet' }] }),
    live('ConfigMap', 'b', { deletionTimestamp: '2026-11-23T00:00:00Z' }),
  ];
  expect(orphanedObjects(objects, manifests, namespace)).toEqual([]);
});

test('cluster-scoped objects are orphaned only if they belong to this installation', () => {
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

test('the objects of a disabled cluster view are orphaned, and all of them can be pruned', () => {
  const view = 'observability-cluster';
  const on = output(settingsSchema.parse({ clusterView: { enabled: true } }));
  const own = on.filter(({ metadata }) => metadata.namespace === view);
  const pruned: readonly string[] = prunedKinds.namespaced;
  expect(own.map(({ kind }) => kind).filter((kind) => !pruned.includes(kind))).toEqual([]);
  const orphaned = orphanedObjects(own, manifests, view);
  expect(orphaned.length).toBe(own.length);
  expect(own.length).toBeGreaterThan(10);
  const stack = on.filter(({ metadata }) => metadata.namespace === namespace);
  expect(orphanedObjects(stack, on, namespace)).toEqual([]);
});

test('a deployment ends no load test, but disabled background load', () => {
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
  // No manifest uses k6; the command for load tests loads it.
  const names = (Object.keys(images) as ImageName[]).filter((name) => name !== 'k6');
  const references = names.map((name) => taggedName(images[name]));
  const all = output(settingsSchema.parse({ clusterView: { enabled: true } }));
  expect(imagesOf(all)).toEqual(references.sort());
});
