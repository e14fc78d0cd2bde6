import { Size } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';
import { podOf, synthConstruct } from '../../test/construct.ts';
import { find, settingsOf, workloads } from '../../test/synthesized.ts';
import { annotationKeys } from '../model/labels.ts';
import type { SettingsInput } from '../schema.ts';
import { Workload, type WorkloadFiles, type WorkloadProps } from './workload.ts';

const http = { name: 'http', number: 80 };
const health = { name: 'health', number: 81, probeOnly: true } as const;

function workload(change: Partial<WorkloadProps> = {}, input: SettingsInput = {}) {
  const platform = settingsOf(input);
  const manifests = synthConstruct((chart) => {
    new Workload(chart, 'workload', {
      name: 'x',
      role: 'example',
      image: { name: 'x', tag: '1.0.0', uid: 1000 },
      platform,
      resources: platform.loki,
      ports: [http, health],
      ready: { port: http },
      live: { port: health, path: '/' },
      startupSeconds: 60,
      ...change,
    });
  });
  const kinds = manifests.map(({ kind }) => kind).sort();
  const [pod] = workloads(manifests);
  if (pod === undefined) throw new Error('a workload makes a pod');
  return { manifests, kinds, pod, ...podOf(pod) };
}

test('without data it is a Deployment behind a Service', () => {
  expect(workload().kinds).toEqual(['Deployment', 'Service']);
});

test('with data it is a StatefulSet with a claim and a headless Service', () => {
  const { kinds, pod, manifests } = workload({
    data: { mountPath: '/data', size: Size.gibibytes(3) },
  });
  expect(kinds).toEqual(['Service', 'Service', 'StatefulSet']);
  expect(find(manifests, 'Service', pod.spec.serviceName).spec.clusterIP).toBe('None');
  const [claim] = pod.spec.volumeClaimTemplates;
  expect(claim.spec.resources.requests.storage).toBe('3Gi');
  expect(claim.spec).not.toHaveProperty('storageClassName');
});

test('the storage class of the settings is the one of the claim', () => {
  const data = { mountPath: '/data', size: Size.gibibytes(1) };
  const { pod } = workload({ data }, { storageClass: 'fast' });
  expect(pod.spec.volumeClaimTemplates[0].spec.storageClassName).toBe('fast');
});

test('a port for probes is open in the container and not in the Service', () => {
  const { manifests, container } = workload();
  const names = (ports: { name: string }[]) => ports.map(({ name }) => name);
  expect(names(container.ports)).toEqual(['http', 'health']);
  expect(names(find(manifests, 'Service', 'x').spec.ports)).toEqual(['http']);
});

test('the Service finds the pod', () => {
  const { manifests, metadata } = workload();
  expect(metadata.labels).toMatchObject(find(manifests, 'Service', 'x').spec.selector);
});

const files: WorkloadFiles[] = [
  { configMap: 'one', mountPath: '/etc/x', files: { a: '1', b: '2' } },
  { configMap: 'two', mountPath: '/etc/y', files: { c: '3' } },
];

test('each file is in its ConfigMap, each directory is mounted once', () => {
  const same = files.map((each) => ({ ...each, mountPath: '/etc/x' }));
  const { manifests, container } = workload({ files: same });
  expect(find(manifests, 'ConfigMap', 'one').data).toEqual({ a: '1', b: '2' });
  expect(container.volumeMounts).toHaveLength(1);
});

const hashOf = (given: readonly WorkloadFiles[]) =>
  workload({ files: given }).metadata.annotations[annotationKeys.configHash];
const [one, two] = files;

test.each([
  { name: 'a changed text', changed: [{ ...one, files: { a: '1', b: '9' } }, two] },
  { name: 'a changed text in another ConfigMap', changed: [one, { ...two, files: { c: '9' } }] },
  { name: 'a renamed file', changed: [{ ...one, files: { a: '1', z: '2' } }, two] },
  { name: 'one file more', changed: [one, { ...two, files: { c: '3', d: '' } }] },
  { name: 'one file less', changed: [{ ...one, files: { a: '1' } }, two] },
])('$name rolls the pod', ({ changed }) => {
  expect(hashOf(changed as WorkloadFiles[])).not.toBe(hashOf(files));
});

test('the same files leave the pod alone', () => {
  expect(hashOf(structuredClone(files))).toBe(hashOf(files));
});

test('a new release changes neither selector nor claim', () => {
  const data = { mountPath: '/data', size: Size.gibibytes(1) };
  const immutable = (tag: string) => {
    const { spec } = workload({ data, image: { name: 'x', tag, uid: 1 } }).pod;
    return [spec.selector, spec.volumeClaimTemplates, spec.serviceName];
  };
  expect(immutable('2.0.0')).toEqual(immutable('1.0.0'));
});

test('what may be asked of the API is a role of this pod alone, named after the namespace', () => {
  const clusterRules: k8s.PolicyRule[] = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];
  const { manifests, spec } = workload({ clusterRules }, { namespace: 'telemetry' });
  expect(find(manifests, 'ClusterRole', 'telemetry-x').rules).toEqual(clusterRules);
  expect(find(manifests, 'ServiceAccount', 'x').automountServiceAccountToken).toBe(false);
  expect(spec).toMatchObject({ serviceAccountName: 'x', automountServiceAccountToken: false });
});

test('the rule of a scanner that its user breaks is named on the object, with the reason', () => {
  const { pod } = workload();
  expect(pod.metadata.annotations).toEqual({
    'checkov.io/skip1': 'CKV_K8S_40=its image is made for user 1000',
    'kube-score/ignore': 'container-security-context-user-group-id',
  });
  const image = { name: 'x', tag: '1.0.0', uid: 10_001 };
  expect(workload({ image }).pod.metadata.annotations).toBeUndefined();
  const nodeDirectories = [{ path: '/var/log/pods' }];
  const { annotations } = workload({ image, nodeDirectories }).pod.metadata;
  expect(annotations?.['checkov.io/skip2']).toMatch(/^CKV_K8S_23=/);
});
