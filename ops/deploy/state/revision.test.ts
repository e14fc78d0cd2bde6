import { randomBytes } from 'node:crypto';
import { parseManifests } from '../../cluster/manifests.ts';
import { objectsToKeep } from '../rollback.ts';
import { toManifest, toManifests } from './live-revision.ts';
import { decodeNewest, encodeRevision } from './revision.ts';

const files = (text: string) => ({ '0100-a.k8s.yaml': text });
const early = new Date('2026-11-23T10:00:00Z');
const late = new Date('2026-11-23T11:00:00Z');

test('a revision is decoded from any number of parts', () => {
  const revision = files(randomBytes(5000).toString('hex'));
  const secrets = encodeRevision(revision, early, 1000);
  expect(secrets.length).toBeGreaterThan(3);
  expect(decodeNewest([...secrets].reverse())).toEqual(revision);
});

test('every part is smaller than the limit of a Secret', () => {
  const [secret] = encodeRevision(files(randomBytes(1_500_000).toString('base64')), early);
  expect(Buffer.from(secret?.data.part ?? '', 'base64').length).toBeLessThan(1024 * 1024);
});

test('the newest revision is decoded, unless it is damaged or incomplete', () => {
  const old = encodeRevision(files('old'), early);
  const text = randomBytes(100).toString('hex');
  const recent = encodeRevision(files(text), late, 50);
  expect(decodeNewest([...old, ...recent])).toEqual(files(text));
  expect(decodeNewest([...old, ...recent.slice(1)])).toEqual(files('old'));
  const damaged = recent.map((each) => ({ ...each, data: { part: 'AAAA' } }));
  expect(decodeNewest([...old, ...damaged])).toEqual(files('old'));
});

test('without Secrets there is no revision', () => {
  expect(decodeNewest([])).toBeUndefined();
});

test('the manifest of a live object has no field that the API server sets', () => {
  const live = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'loki',
      labels: { a: 'b' },
      uid: 'u',
      resourceVersion: '5',
      managedFields: [],
    },
    spec: { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ports: [] },
    status: { loadBalancer: {} },
  };
  expect(toManifest(live)).toEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'loki', labels: { a: 'b' } },
    spec: { ports: [] },
  });
  const headless = { ...live, spec: { clusterIP: 'None', clusterIPs: ['None'] } };
  expect(toManifest(headless)).toMatchObject({ spec: { clusterIP: 'None' } });
});

test('a manifest has no replicas if an autoscaler sets them', () => {
  const deployment = (name: string) => ({
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas: 3, template: {} },
  });
  const autoscaler = {
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'shop' },
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'shop' } },
  };
  const [shop, customers] = toManifests([deployment('shop'), deployment('customers'), autoscaler]);
  expect(shop).toEqual({ kind: 'Deployment', metadata: { name: 'shop' }, spec: { template: {} } });
  expect(customers).toMatchObject({ spec: { replicas: 3 } });
});

test('a rollback to a revision without cluster-scoped objects keeps the existing ones', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: loki }';
  const role = 'apiVersion: x\nkind: ClusterRole\nmetadata: { name: r }';
  const [previous, attempted] = [
    parseManifests(service),
    parseManifests(`${service}\n---\n${role}`),
  ];
  expect(objectsToKeep(previous, attempted).map(({ kind }) => kind)).toEqual([
    'Service',
    'ClusterRole',
  ]);
  expect(objectsToKeep(attempted, previous)).toEqual(attempted);
});
