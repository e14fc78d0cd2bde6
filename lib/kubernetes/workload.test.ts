import { Size } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';
import { podTemplateOf, synthConstruct } from '../../test/construct.ts';
import { findManifest, settingsOf } from '../../test/synthesized.ts';
import { annotationKeys } from '../model/labels.ts';
import type { SettingsInput } from '../schema.ts';
import type { WorkloadKind } from './controller.ts';
import { type CommonWorkloadProps, Workload, type WorkloadFiles } from './workload.ts';

const http = { name: 'http', number: 80 };
const health = { name: 'health', number: 81, probeOnly: true } as const;

interface Change extends Partial<CommonWorkloadProps> {
  readonly as?: WorkloadKind;
}

function workload(
  { as = { kind: 'deployment' }, ...change }: Change = {},
  input: SettingsInput = {},
) {
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
      ...as,
    });
  });
  const kinds = manifests.map(({ kind }) => kind).sort();
  const pod = manifests.find(({ spec }) => spec?.template !== undefined);
  if (pod === undefined) throw new Error('a workload makes a pod');
  return { manifests, kinds, pod, ...podTemplateOf(pod) };
}

const stateful = (gibibytes: number): WorkloadKind => ({
  kind: 'stateful',
  volumeClaim: { mountPath: '/data', size: Size.gibibytes(gibibytes) },
});

test('without a volume claim it is a Deployment behind a Service', () => {
  expect(workload().kinds).toEqual(['Deployment', 'Service']);
});

test('with a volume claim it is a StatefulSet with a claim template and a headless Service', () => {
  const { kinds, pod, manifests } = workload({
    as: stateful(3),
  });
  expect(kinds).toEqual(['Service', 'Service', 'StatefulSet']);
  expect(findManifest(manifests, 'Service', pod.spec.serviceName).spec.clusterIP).toBe('None');
  const [claim] = pod.spec.volumeClaimTemplates;
  expect(claim.spec.resources.requests.storage).toBe('3Gi');
  expect(claim.spec).not.toHaveProperty('storageClassName');
});

test('the claim has the storage class of the settings', () => {
  const { pod } = workload({ as: stateful(1) }, { storageClass: 'fast' });
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
  const immutable = (tag: string) => {
    const { spec } = workload({ as: stateful(1), image: { name: 'x', tag, uid: 1 } }).pod;
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
  const namespaces = ['ServiceAccount', 'ClusterRole', 'ClusterRoleBinding'].map(
    (kind) => manifests.find((each) => each.kind === kind)?.metadata.namespace,
  );
  expect(namespaces).toEqual(['observability', undefined, undefined]);
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
  const perNode = { kind: 'perNode', hostPaths: [{ path: '/var/log/pods' }] } as const;
  const { annotations } = workload({ image, as: perNode }).pod.metadata;
  expect(annotations?.['checkov.io/skip2']).toMatch(/^CKV_K8S_23=/);
});

test('an autoscaled workload leaves the number of replicas to its autoscaler', () => {
  const { kinds, pod } = workload({ as: { kind: 'autoscaled', maxReplicas: 3 } });
  expect(kinds).toEqual(['Deployment', 'HorizontalPodAutoscaler', 'Service']);
  expect(pod.spec).not.toHaveProperty('replicas');
});

test('a workload per node is a DaemonSet behind a headless Service', () => {
  const { manifests, kinds } = workload({ as: { kind: 'perNode', hostPaths: [] } });
  expect(kinds).toEqual(['DaemonSet', 'Service']);
  expect(findManifest(manifests, 'Service', 'x').spec.clusterIP).toBe('None');
});

test('props of another kind do not compile', () => {
  const { volumeClaim } = stateful(1) as Extract<WorkloadKind, { kind: 'stateful' }>;
  const kinds: WorkloadKind[] = [
    // @ts-expect-error a DaemonSet has no claim template
    { kind: 'perNode', hostPaths: [], volumeClaim },
    // @ts-expect-error a StatefulSet has no autoscaler
    { kind: 'stateful', volumeClaim, maxReplicas: 2 },
    // @ts-expect-error only pods on every node see its directories
    { kind: 'deployment', hostPaths: [] },
  ];
  expect(kinds).toHaveLength(3);
});
