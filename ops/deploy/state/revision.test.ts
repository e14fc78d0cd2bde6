import { randomBytes } from 'node:crypto';
import { parseManifests } from '../../cluster/manifests.ts';
import { keptAfter } from '../rollback.ts';
import { writable, writableAll } from './live.ts';
import { newestOf, secretsOf } from './revision.ts';

const files = (text: string) => ({ '0100-a.k8s.yaml': text });
const early = new Date('2026-11-23T10:00:00Z');
const late = new Date('2026-11-23T11:00:00Z');

test('a revision comes back as it was, in however many parts it is kept', () => {
  const revision = files(randomBytes(5000).toString('hex'));
  const secrets = secretsOf(revision, early, 1000);
  expect(secrets.length).toBeGreaterThan(3);
  expect(newestOf([...secrets].reverse())).toEqual(revision);
});

test('no part is larger than a Secret may be', () => {
  const [secret] = secretsOf(files(randomBytes(1_500_000).toString('base64')), early);
  expect(Buffer.from(secret?.data.part ?? '', 'base64').length).toBeLessThan(1024 * 1024);
});

test('of two the newer one counts, unless it is damaged or incomplete', () => {
  const old = secretsOf(files('old'), early);
  const text = randomBytes(100).toString('hex');
  const recent = secretsOf(files(text), late, 50);
  expect(newestOf([...old, ...recent])).toEqual(files(text));
  expect(newestOf([...old, ...recent.slice(1)])).toEqual(files('old'));
  const damaged = recent.map((each) => ({ ...each, data: { part: 'AAAA' } }));
  expect(newestOf([...old, ...damaged])).toEqual(files('old'));
});

test('without a revision there is none', () => {
  expect(newestOf([])).toBeUndefined();
});

test('a live object is written without what the API server added', () => {
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
  expect(writable(live)).toEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'loki', labels: { a: 'b' } },
    spec: { ports: [] },
  });
  const headless = { ...live, spec: { clusterIP: 'None', clusterIPs: ['None'] } };
  expect(writable(headless)).toMatchObject({ spec: { clusterIP: 'None' } });
});

test('going back leaves the number of replicas to the autoscaler that has changed it', () => {
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
  const [shop, customers] = writableAll([deployment('shop'), deployment('customers'), autoscaler]);
  expect(shop).toEqual({ kind: 'Deployment', metadata: { name: 'shop' }, spec: { template: {} } });
  expect(customers).toMatchObject({ spec: { replicas: 3 } });
});

test('a rollback to a live snapshot, which has no cluster-wide objects, leaves those alone', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: loki }';
  const role = 'apiVersion: x\nkind: ClusterRole\nmetadata: { name: r }';
  const [before, tried] = [parseManifests(service), parseManifests(`${service}\n---\n${role}`)];
  expect(keptAfter(before, tried).map(({ kind }) => kind)).toEqual(['Service', 'ClusterRole']);
  expect(keptAfter(tried, before)).toEqual(tried);
});
