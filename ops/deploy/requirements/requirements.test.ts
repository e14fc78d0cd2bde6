import { labelKeys, partOf } from '../../../lib/model/labels.ts';
import { settingsSchema } from '../../../lib/schema.ts';
import { parseManifests } from '../../cluster/manifests.ts';
import { checkAppImage } from './app-image.ts';
import { checkAutoscaling } from './autoscaling.ts';
import { checkCapacity, scheduledPodSchema } from './capacity.ts';
import { permissionsRequirement, requiredPermissions } from './permissions.ts';
import { parseQuantity } from './quantity.ts';
import { describeUnmet, failed, ok, requirementTable, warning } from './requirement.ts';
import { checkStorage, storageClassOf, storageClassSchema } from './storage.ts';
import { checkVersions, nodeSchema } from './versions.ts';

const node = (name: string, more: object = {}, cpu = '2', memory = '4Gi') => ({
  metadata: { name },
  spec: {},
  status: {
    nodeInfo: { kubeletVersion: 'v1.34.0' },
    allocatable: { cpu, memory },
    conditions: [{ type: 'Ready', status: 'True' }],
  },
  ...more,
});
const nodes = (...items: object[]) => items.map((each) => nodeSchema.parse(each));
const versions = (client: string, server: string) => ({
  clientVersion: { gitVersion: client },
  serverVersion: { gitVersion: server },
});

test.each([
  ['v1.34.2', 'v1.34.0', ['ok', 'ok']],
  ['v1.30.0', 'v1.30.1-eks-5', ['warning', 'ok']],
  ['v1.34.0', 'v1.39.0', ['warning', 'warning']],
  ['v1.24.0', 'v1.24.9', ['failed', 'ok']],
  ['v1.31.0', 'v1.34.0+k3s1', ['ok', 'warning']],
])('kubectl %s with Kubernetes %s', (client, server, statuses) => {
  expect(checkVersions(versions(client, server), []).map(({ status }) => status)).toEqual(statuses);
});

test('a node that is older than the API server is checked too', () => {
  const old = node('b');
  old.status.nodeInfo.kubeletVersion = 'v1.24.1';
  const found = checkVersions(versions('v1.27.0', 'v1.27.0'), nodes(node('a'), old));
  expect(found).toContainEqual(expect.objectContaining({ name: 'oldest node', status: 'failed' }));
});

test.each([
  ['250m', 0.25],
  ['2', 2],
  ['1Gi', 1024 ** 3],
  ['512Mi', 512 * 1024 ** 2],
  ['24601652Ki', 24601652 * 1024],
  ['1e3', 1000],
])('the quantity %s', (quantity, value) => {
  expect(parseQuantity(quantity)).toBeCloseTo(value, 6);
});

const workload = (cpu: string, memory: string, replicas = 1) => ({
  kind: 'StatefulSet',
  metadata: { name: 'loki' },
  spec: {
    replicas,
    template: { spec: { containers: [{ resources: { requests: { cpu, memory } } }] } },
  },
});
const pod = (namespace: string, cpu: string, labels = {}, phase = 'Running') => ({
  metadata: { namespace, labels },
  spec: { nodeName: 'a', containers: [{ resources: { requests: { cpu } } }] },
  status: { phase },
});
const capacity = (objects: object[], given: object[], pods: object[] = []) =>
  checkCapacity(
    objects,
    nodes(...given),
    pods.map((each) => scheduledPodSchema.parse(each)),
    'observability',
  );

test('requests fit into the free resources of the nodes', () => {
  const found = capacity([workload('500m', '1Gi')], [node('a')], [pod('kube-system', '1')]);
  expect(found).toMatchObject({
    status: 'ok',
    seen: '0.50 CPU and 1.00 GiB requested, 1.00 CPU and 4.00 GiB free',
  });
});

test.each([
  { name: 'too much CPU', objects: [workload('3', '1Gi')], given: [node('a')], pods: [] },
  { name: 'too much memory', objects: [workload('1', '5Gi')], given: [node('a')], pods: [] },
  {
    name: 'nodes that other pods use',
    objects: [workload('1', '1Gi')],
    given: [node('a')],
    pods: [pod('shop', '1500m')],
  },
  {
    name: 'enough in sum, but not on a single node',
    objects: [workload('3', '1Gi')],
    given: [node('a'), node('b')],
    pods: [],
  },
  {
    name: 'an unschedulable node',
    objects: [workload('1', '1Gi')],
    given: [node('a', { spec: { unschedulable: true } })],
    pods: [],
  },
  {
    name: 'a node with a taint',
    objects: [workload('1', '1Gi')],
    given: [node('a', { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } })],
    pods: [],
  },
])('capacity fails for $name', ({ objects, given, pods }) => {
  expect(capacity(objects, given, pods).status).toBe('failed');
});

test('pods of Mantis and completed pods do not count', () => {
  const ours = pod('observability', '2', { [labelKeys.partOf]: partOf });
  const completed = pod('shop', '2', {}, 'Succeeded');
  expect(capacity([workload('2', '1Gi')], [node('a')], [ours, completed]).status).toBe('ok');
});

const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
const classes = [
  { metadata: { name: 'slow' } },
  { metadata: { name: 'fast', annotations }, allowVolumeExpansion: true },
].map((each) => storageClassSchema.parse(each));

test.each([
  ['the default', undefined, classes, 'ok', 'fast'],
  ['a class by name', 'slow', classes, 'ok', 'slow'],
  [
    'no default',
    undefined,
    classes.slice(0, 1),
    'failed',
    'no class is the default; there are slow',
  ],
  [
    'a class that does not exist',
    'none',
    classes,
    'failed',
    'there is no none; there are slow, fast',
  ],
  ['no class at all', undefined, [], 'failed', 'no class is the default; the cluster has none'],
])('volumes of %s', (_name, storageClass, given, status, seen) => {
  expect(checkStorage({ storageClass }, given)).toMatchObject({ status, seen });
});

test('whether volumes can be expanded depends on their class', () => {
  expect(storageClassOf({}, classes)?.allowVolumeExpansion).toBe(true);
  expect(storageClassOf({ storageClass: 'slow' }, classes)?.allowVolumeExpansion).toBe(false);
});

const manifests = parseManifests(
  [
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: observability }',
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: a }',
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: b }',
  ].join('\n---\n'),
);

test('permissions are required for the kinds and namespaces of the manifests', () => {
  const permissions = requiredPermissions(manifests, 'observability');
  expect(permissions).toContainEqual({
    verb: 'patch',
    resource: 'networkpolicies',
    group: 'networking.k8s.io',
    namespace: 'observability',
  });
  expect(permissions).toContainEqual({
    verb: 'create',
    resource: 'clusterroles',
    group: 'rbac.authorization.k8s.io',
  });
  expect(permissions).toContainEqual({
    verb: 'create',
    resource: 'secrets',
    group: '',
    namespace: 'observability',
  });
});

test('creating the namespace requires a permission only if it does not exist', () => {
  const ofNamespace = (fresh: boolean) =>
    requiredPermissions(manifests, 'observability', fresh).filter(
      ({ resource }) => resource === 'namespaces',
    );
  expect(ofNamespace(false).map(({ verb }) => verb)).toEqual(['get', 'patch']);
  expect(ofNamespace(true).map(({ verb }) => verb)).toEqual(['get', 'create', 'patch']);
});

test('permissions are required in each related namespace', () => {
  const related = parseManifests(
    'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: a, namespace: related }',
  );
  const permissions = requiredPermissions([...manifests, ...related], 'observability');
  const created = permissions.filter(
    ({ resource, verb }) => resource === 'daemonsets' && verb === 'create',
  );
  expect(created.map(({ namespace }) => namespace)).toEqual(['related']);
  expect(permissions.map(({ resource, verb }) => `${verb} ${resource}`)).toContain(
    'create namespaces',
  );
});

test('missing permissions are named', () => {
  const permissions = requiredPermissions(manifests, 'observability');
  const allowed = permissions.map(({ resource }) => String(resource !== 'clusterroles'));
  expect(permissionsRequirement(permissions, allowed).seen).toBe(
    'you may not get/create/patch/delete/list clusterroles',
  );
  expect(
    permissionsRequirement(
      permissions,
      permissions.map(() => 'true'),
    ).status,
  ).toBe('ok');
});

const settings = (input: object) => settingsSchema.parse(input);

test.each([
  ['the local cluster', {}, 'kind-mantis', 'ok'],
  ['another cluster', {}, 'prod', 'failed'],
  ['another kind cluster', {}, 'kind-other', 'failed'],
  ['another cluster, with imagePrefix', { imagePrefix: 'mirror.example.com' }, 'prod', 'ok'],
  [
    'another cluster, with testApp.image',
    { testApp: { image: 'registry.example.com/shop:1' } },
    'prod',
    'ok',
  ],
  ['another cluster, without the app', { testApp: { enabled: false } }, 'prod', 'ok'],
])("the test app's image on %s", (_name, input, context, status) => {
  expect(checkAppImage(settings(input), { context }).status).toBe(status);
});

test('an image that cannot be pulled is reported with a remedy', () => {
  expect(checkAppImage(settings({}), { context: 'prod' }).todo).toMatch(
    /MANTIS_TEST_APP_ENABLED=false.*imagePrefix/,
  );
  expect(checkAppImage(settings({}), { context: 'kind-other' }).todo).toContain(
    'kind load docker-image',
  );
});

test('every failed requirement is reported with a remedy', () => {
  const all = [ok('a', 'there'), failed('b', 'away', 'get b'), failed('c', 'away', 'get c')];
  expect(describeUnmet(all)).toBe('b: away\n  get b\nc: away\n  get c');
  expect(describeUnmet([ok('a', 'there'), warning('d', 'old', 'renew')])).toBeUndefined();
  expect(requirementTable(all)).toMatch(/b +FAILED +away/);
});

test('autoscalers without a metrics server are a warning only', () => {
  const objects = [{ kind: 'HorizontalPodAutoscaler' }, { kind: 'Service' }];
  expect(checkAutoscaling(objects.slice(1), false)).toEqual([]);
  expect(checkAutoscaling(objects, true)).toMatchObject([{ status: 'ok' }]);
  const without = checkAutoscaling(objects, false);
  expect(without).toMatchObject([{ status: 'warning', seen: 'no metrics server answers' }]);
  expect(describeUnmet(without)).toBeUndefined();
});
