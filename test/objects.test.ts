import { existsSync } from 'node:fs';
import { images, taggedName } from '../lib/model/images.ts';
import {
  annotationKeys,
  labelKeys,
  loadGeneratorLabels,
  selectorLabels,
} from '../lib/model/labels.ts';
import { servicesOf } from '../lib/model/ports.ts';
import { kindAndName, type Manifest, synth, workloads } from './synthesized.ts';

const manifests = synth({}, { local: true });
const objects = manifests.map((manifest) => ({ name: kindAndName(manifest), manifest }));
const pods = workloads(manifests).map((manifest) => {
  const { spec, metadata } = manifest.spec.template;
  const [container] = spec.containers;
  return { name: kindAndName(manifest), manifest, pod: spec, metadata, container };
});
const clusterWide = ['Namespace', 'ClusterRole', 'ClusterRoleBinding'];
/** Kubernetes creates it in every namespace. */
const clusterRoot = 'kube-root-ca.crt';
const names = (kind: string) =>
  manifests.filter((each) => each.kind === kind).map(({ metadata }) => metadata.name);

describe.each(objects)('$name', ({ manifest }: { manifest: Manifest }) => {
  const { metadata } = manifest;

  test('has the labels of Mantis and names its source files', () => {
    expect(metadata.labels).toMatchObject({
      [labelKeys.partOf]: 'mantis',
      [labelKeys.managedBy]: 'cdk8s',
    });
    for (const file of metadata.annotations?.[annotationKeys.source]?.split(',') ?? ['none']) {
      expect({ file, exists: existsSync(file) }).toEqual({ file, exists: true });
    }
  });

  test('has a fixed name and its namespace', () => {
    expect(metadata.name).not.toMatch(/-c[0-9a-f]{7,}/);
    expect(metadata.namespace).toBe(
      clusterWide.includes(manifest.kind) ? undefined : 'observability',
    );
  });

  test('is small enough for kubectl and etcd', () => {
    expect(JSON.stringify(manifest).length).toBeLessThan(256 * 1024);
  });
});

test('no two objects share kind and name', () => {
  const all = objects.map(({ name }) => name);
  expect(new Set(all).size).toBe(all.length);
});

test('the output holds no Secret and no literal password', () => {
  expect(names('Secret')).toEqual([]);
  const variables = pods.flatMap(({ container }) => container.env ?? []);
  const secret = variables.filter(({ name }) => /PASSWORD|SECRET|TOKEN|ADMIN_USER/.test(name));
  expect(secret.length).toBeGreaterThan(0);
  // Files of a Secret: an environment is printed too easily.
  for (const { name, value } of secret) {
    expect(name).toMatch(/__FILE$/);
    expect(value).toMatch(/^\/etc\/grafana\/secret\//);
  }
});

describe.each(pods)('$name', ({ manifest, pod, metadata, container }) => {
  test('meets Pod Security "restricted" with a read-only root file system', () => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: expect.any(Number),
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(pod.securityContext.runAsUser).toBeGreaterThan(0);
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC'])
      expect(pod).not.toHaveProperty(field);
    expect(pod.volumes.filter((volume: object) => 'hostPath' in volume)).toEqual([]);
  });

  test('has an API token only if it uses the API', () => {
    expect(pod.automountServiceAccountToken).toBe(false);
    const tokens = pod.volumes.filter((volume: object) =>
      JSON.stringify(volume).includes('"serviceAccountToken"'),
    );
    const usesApi = ['prometheus', 'otel-collector'].includes(manifest.metadata.name);
    expect(tokens).toHaveLength(usesApi ? 1 : 0);
    expect(pod.enableServiceLinks).toBe(false);
  });

  test('has probes on one of its ports, unless it has none', () => {
    const ports = container.ports.map(({ name }: { name: string }) => name);
    if (ports.length === 0) {
      expect(metadata.labels).toMatchObject(loadGeneratorLabels);
      return;
    }
    const [startup, ready, live] = ['startupProbe', 'readinessProbe', 'livenessProbe'].map(
      (probe) => container[probe].httpGet ?? container[probe].tcpSocket,
    );
    for (const { port } of [startup, ready, live]) expect(ports).toContain(port);
    expect(ready).not.toEqual(live);
  });

  test('requests what it needs, and has no limit on CPU', () => {
    expect(Object.keys(container.resources.requests).sort()).toEqual([
      'cpu',
      'ephemeral-storage',
      'memory',
    ]);
    expect(container.resources.limits).not.toHaveProperty('cpu');
    expect(container.resources.limits).toHaveProperty('memory');
  });

  test('runs a pinned image of lib/model/images.ts as its user', () => {
    const image = Object.values(images).find((each) => taggedName(each) === container.image);
    expect(image?.uid).toBe(pod.securityContext.runAsUser);
    expect(container.image).toMatch(/:v?\d+\.\d+\.\d+/);
    expect(container.imagePullPolicy).toBe('IfNotPresent');
  });

  test('is selected by labels without a version', () => {
    const selector = manifest.spec.selector.matchLabels;
    expect(selector).toEqual(selectorLabels(manifest.metadata.name));
    expect(metadata.labels).toMatchObject(selector);
    for (const template of manifest.spec.volumeClaimTemplates ?? []) {
      expect(template.metadata.labels).not.toHaveProperty(labelKeys.version);
    }
  });

  test('mounts existing volumes of existing ConfigMaps', () => {
    const claims = manifest.spec.volumeClaimTemplates ?? [];
    const volumes = [
      ...pod.volumes.map(({ name }: { name: string }) => name),
      ...claims.map((claim: Manifest) => claim.metadata.name),
    ];
    const mounted = container.volumeMounts.map(({ name }: { name: string }) => name);
    expect(mounted.sort()).toEqual(volumes.sort());
    for (const { projected } of pod.volumes) {
      for (const { configMap } of projected?.sources ?? []) {
        if (configMap !== undefined && configMap.name !== clusterRoot) {
          expect(names('ConfigMap')).toContain(configMap.name);
        }
      }
    }
  });
});

test.each(pods.filter(({ manifest }) => manifest.kind === 'StatefulSet'))(
  '$name has a volume and a headless Service',
  ({ manifest }) => {
    expect(manifest.spec.volumeClaimTemplates.length).toBe(1);
    const service = manifests.find(
      ({ kind, metadata }) => kind === 'Service' && metadata.name === manifest.spec.serviceName,
    );
    expect(service?.spec.clusterIP).toBe('None');
    expect(service?.spec.selector).toEqual(manifest.spec.selector.matchLabels);
  },
);

test('every ConfigMap is mounted', () => {
  const mounted = pods.flatMap(({ pod }) =>
    pod.volumes.flatMap(
      (volume: { projected?: { sources: { configMap?: { name: string } }[] } }) =>
        volume.projected?.sources.flatMap(({ configMap }) => configMap?.name ?? []) ?? [],
    ),
  );
  const ours = mounted.filter((name) => name !== clusterRoot);
  expect(ours.sort()).toEqual(names('ConfigMap').sort());
});

test('the stack without the app requests at most 1.5 GiB of memory', () => {
  const stack = pods.filter(({ manifest }) => {
    const name: string = manifest.metadata.name;
    return ![...servicesOf('testApp'), 'customers'].includes(name);
  });
  const mebibytes = stack.map(({ container }) => {
    const [, amount, unit] = /^(\d+)(Mi|Gi)$/.exec(container.resources.requests.memory) ?? [];
    return Number(amount) * (unit === 'Gi' ? 1024 : 1);
  });
  expect(mebibytes.length).toBe(6);
  expect(mebibytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(1536);
});
