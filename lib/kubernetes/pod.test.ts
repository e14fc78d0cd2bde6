import { Size } from 'cdk8s';
import { settingsSchema } from '../schema.ts';
import { podTemplate } from './pod.ts';
import { goMemoryLimit, quantity } from './resources.ts';

const platform = settingsSchema.parse({});
const port = { name: 'http', number: 80 };
const props = {
  name: 'x',
  image: { name: 'x', tag: '1.0.0', uid: 1000 },
  platform,
  resources: platform.loki,
  ports: [port],
  args: [],
  env: [],
  configDirectories: [],
  emptyDirs: [],
  probes: {
    readinessProbe: { port, path: '/ready' },
    livenessProbe: { port, path: '/live' },
    startupDeadlineSeconds: 90,
  },
  terminationGracePeriodSeconds: 30,
  labels: {},
  annotations: {},
};

function podAndContainer(change: Partial<Parameters<typeof podTemplate>[0]> = {}) {
  const { spec } = podTemplate({ ...props, ...change });
  const [container] = spec.containers;
  if (container === undefined) throw new Error('a pod has a container');
  return { spec, container };
}

test.each([
  [Size.gibibytes(1), '819MiB'],
  [Size.mebibytes(512), '409MiB'],
])('GOMEMLIMIT is 80 %% of a memory limit of %s', (memoryLimit, value) => {
  expect(goMemoryLimit({ ...platform.loki, memoryLimit })).toEqual({ name: 'GOMEMLIMIT', value });
});

test('sizes are quantities as Kubernetes writes them', () => {
  expect(quantity(Size.gibibytes(10)).value).toBe('10Gi');
  expect(quantity(Size.mebibytes(64)).value).toBe('64Mi');
});

test('where the cluster assigns user ids, pods have none, and still refuse root', () => {
  const assigning = { ...platform, assignedUserIds: true };
  expect(podAndContainer().spec.securityContext).toMatchObject({ runAsUser: 1000, fsGroup: 1000 });
  expect(podAndContainer({ platform: assigning }).spec.securityContext).toEqual({
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  });
});

test('the startup probe fails after startupDeadlineSeconds', () => {
  const { startupProbe } = podAndContainer().container;
  expect((startupProbe?.failureThreshold ?? 0) * (startupProbe?.periodSeconds ?? 0)).toBe(90);
});

test('readiness and liveness probes request different paths', () => {
  const { readinessProbe, livenessProbe } = podAndContainer().container;
  expect(readinessProbe?.httpGet?.path).toBe('/ready');
  expect(livenessProbe?.httpGet?.path).toBe('/live');
});

test('a probe without a path is a TCP connection', () => {
  const port = { name: 'otlp-http', number: 4318 };
  const probes = {
    readinessProbe: { port },
    livenessProbe: { port, path: '/live' },
    startupDeadlineSeconds: 1,
  };
  const { readinessProbe, livenessProbe } = podAndContainer({ probes }).container;
  expect(readinessProbe?.tcpSocket).toEqual({ port: { value: 'otlp-http' } });
  expect(readinessProbe).not.toHaveProperty('httpGet');
  expect(livenessProbe?.httpGet).toEqual({ port: { value: 'otlp-http' }, path: '/live' });
});

test('a pod with a service account mounts a token where clients look for it, and no other pod does', () => {
  const without = podAndContainer();
  const withOne = podAndContainer({ serviceAccountName: 'x' });
  for (const { spec } of [without, withOne]) expect(spec.automountServiceAccountToken).toBe(false);
  const token = { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } };
  expect(without.spec.volumes).toEqual([]);
  expect(withOne.spec.serviceAccountName).toBe('x');
  const [volume] = withOne.spec.volumes ?? [];
  expect(volume?.projected?.sources).toContainEqual(token);
  expect(withOne.container.volumeMounts).toEqual([
    {
      name: volume?.name,
      mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
      readOnly: true,
    },
  ]);
});

test('imagePullSecret becomes imagePullSecrets of the pod', () => {
  expect(podAndContainer().spec.imagePullSecrets).toBeUndefined();
  const mirrored = { ...platform, imagePrefix: 'mirror.example', imagePullSecret: 'registry' };
  const { spec, container } = podAndContainer({ platform: mirrored });
  expect(spec.imagePullSecrets).toEqual([{ name: 'registry' }]);
  expect(container.image).toBe('mirror.example/x:1.0.0');
});

test('files are read-only, emptyDir volumes are writable and have a size limit', () => {
  const { spec, container } = podAndContainer({
    configDirectories: [{ configMaps: ['a', 'b'], mountPath: '/etc/x.d' }],
    emptyDirs: ['/tmp'],
  });
  expect(container.volumeMounts).toEqual([
    { name: 'etc-x-d', mountPath: '/etc/x.d', readOnly: true },
    { name: 'tmp', mountPath: '/tmp' },
  ]);
  const [files, emptyDir] = spec.volumes ?? [];
  expect(files?.projected?.sources).toHaveLength(2);
  expect(emptyDir?.emptyDir?.sizeLimit).toBeDefined();
});

test('ephemeral storage has a request and a limit', () => {
  const { container } = podAndContainer();
  expect(Object.keys(container.resources?.requests ?? {})).toContain('ephemeral-storage');
  expect(Object.keys(container.resources?.limits ?? {})).toContain('ephemeral-storage');
});
