import { Size } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';
import { podTemplateOf, synthConstruct } from '../../test/construct.ts';
import { findManifest, settingsOf, workloads } from '../../test/synthesized.ts';
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
      component: 'example',
      image: { name: 'x', tag: '1.0.0', uid: 1000 },
      platform,
      resources: platform.loki,
      ports: [http, health],
      readinessProbe: { port: http },
      livenessProbe: { port: health, path: '/' },
      startupDeadlineSeconds: 60,
      ...change,
    });
  });
  const kinds = manifests.map(({ kind }) => kind).sort();
  const [pod] = workloads(manifests);
  if (pod === undefined) throw new Error('a workload makes a pod');
  return { manifests, kinds, pod, ...podTemplateOf(pod) };
}

test('without a volume claim it is a Deployment behind a Service', () => {
  expect(workload().kinds).toEqual(['Deployment', 'Service']);
});

test('with a volume claim it is a StatefulSet with a claim template and a headless Service', () => {
  const { kinds, pod, manifests } = workload({
    volumeClaim: { mountPath: '/data', size: Size.gibibytes(3) },
  });
  expect(kinds).toEqual(['Service', 'Service', 'StatefulSet']);
  expect(findManifest(manifests, 'Service', pod.spec.serviceName).spec.clusterIP).toBe('None');
  const [claim] = pod.spec.volumeClaimTemplates;
  expect(claim.spec.resources.requests.storage).toBe('3Gi');
  expect(claim.spec).not.toHaveProperty('storageClassName');
});

test('the claim has the storage class of the settings', () => {
  const data = { mountPath: '/data', size: Size.gibibytes(1) };
  const { pod } = workload({ volumeClaim: data }, { storageClass: 'fast' });
  expect(pod.spec.volumeClaimTemplates[0].spec.storageClassName).toBe('fast');
});

test('a probe-only port is in the container and not in the Service', () => {
  const { manifests, container } = workload();
  const names = (ports: { name: string }[]) => ports.map(({ name }) => name);
  expect(names(container.ports)).toEqual(['http', 'health']);
  expect(names(findManifest(manifests, 'Service', 'x').spec.ports)).toEqual(['http']);
});

test('the selector of the Service matches the pod', () => {
  const { manifests, metadata } = workload();
  expect(metadata.labels).toMatchObject(findManifest(manifests, 'Service', 'x').spec.selector);
});

const files: WorkloadFiles[] = [
  { configMap: 'one', mountPath: '/etc/x', files: { a: '1', b: '2' }, sources: ['one.ts'] },
  { configMap: 'two', mountPath: '/etc/y', files: { c: '3' }, sources: ['two.ts'] },
];

test('each file is in its ConfigMap, each directory is mounted once', () => {
  const same = files.map((each) => ({ ...each, mountPath: '/etc/x' }));
  const { manifests, container } = workload({ files: same });
  expect(findManifest(manifests, 'ConfigMap', 'one').data).toEqual({ a: '1', b: '2' });
  expect(container.volumeMounts).toHaveLength(1);
});

const hashOf = (given: readonly WorkloadFiles[]) =>
  workload({ files: given }).metadata.annotations[annotationKeys.configHash];
const [one, two] = files;

test.each([
  { name: 'a changed file', changed: [{ ...one, files: { a: '1', b: '9' } }, two] },
  { name: 'a changed file in another ConfigMap', changed: [one, { ...two, files: { c: '9' } }] },
  { name: 'a renamed file', changed: [{ ...one, files: { a: '1', z: '2' } }, two] },
  { name: 'an added file', changed: [one, { ...two, files: { c: '3', d: '' } }] },
  { name: 'a removed file', changed: [{ ...one, files: { a: '1' } }, two] },
])('$name rolls the pod', ({ changed }) => {
  expect(hashOf(changed as WorkloadFiles[])).not.toBe(hashOf(files));
});

test('the same files do not roll the pod', () => {
  expect(hashOf(structuredClone(files))).toBe(hashOf(files));
});

test('a new image tag changes neither selector nor claim template', () => {
  const data = { mountPath: '/data', size: Size.gibibytes(1) };
  const immutable = (tag: string) => {
    const { spec } = workload({ volumeClaim: data, image: { name: 'x', tag, uid: 1 } }).pod;
    return [spec.selector, spec.volumeClaimTemplates, spec.serviceName];
  };
  expect(immutable('2.0.0')).toEqual(immutable('1.0.0'));
});

test('clusterRoleRules become a ClusterRole of this workload, named after the namespace', () => {
  const clusterRules: k8s.PolicyRule[] = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];
  const { manifests, spec } = workload(
    { clusterRoleRules: clusterRules },
    { namespace: 'telemetry' },
  );
  expect(findManifest(manifests, 'ClusterRole', 'telemetry-x').rules).toEqual(clusterRules);
  expect(findManifest(manifests, 'ServiceAccount', 'x').automountServiceAccountToken).toBe(false);
  expect(spec).toMatchObject({ serviceAccountName: 'x', automountServiceAccountToken: false });
});

test('the scanner rule that its user violates is suppressed on the object, with the reason', () => {
  const { pod } = workload();
  expect(pod.metadata.annotations).toEqual({
    'checkov.io/skip1': 'CKV_K8S_40=its image is made for user 1000',
    'kube-score/ignore': 'container-security-context-user-group-id',
  });
  const image = { name: 'x', tag: '1.0.0', uid: 10_001 };
  expect(workload({ image }).pod.metadata.annotations).toBeUndefined();
  const hostPaths = [{ path: '/var/log/pods' }];
  const { annotations } = workload({ image, hostPaths }).pod.metadata;
  expect(annotations?.['checkov.io/skip2']).toMatch(/^CKV_K8S_23=/);
});
