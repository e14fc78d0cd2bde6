import { parse } from 'yaml';
import { belongsToLabel } from '../lib/model/labels.ts';
import { address, edgesOf, endpointOf, viewComponents, viewPorts } from '../lib/model/topology.ts';
import type { SettingsInput } from '../lib/schema.ts';
import { settingsSchema } from '../lib/schema.ts';
import { kubeMetrics } from '../lib/telemetry/cluster.ts';
import { configFile, find, type Manifest, settingsOf, synth, where } from './synthesized.ts';

type View = NonNullable<SettingsInput['clusterView']>;

const switchedOn = (view: View = {}, more: SettingsInput = {}): SettingsInput => ({
  ...more,
  clusterView: { enabled: true, ...view },
});
const settings = settingsOf(switchedOn());
const manifests = synth(switchedOn());
const own = manifests.filter(({ metadata }) => metadata.namespace === 'observability-cluster');
const podOf = (kind: string, name: string) => find(own, kind, name).spec.template.spec;
const collectors = ['node-collector', 'event-collector'] as const;
const config = (name: (typeof collectors)[number], input = switchedOn()) =>
  parse(configFile(synth(input), `${name}-config`, 'collector.yaml'));

test('it is off unless asked for', () => {
  const text = JSON.stringify(synth());
  for (const name of [...viewComponents, 'observability-cluster', 'mantis-cluster', 'NodeNotReady'])
    expect(text).not.toContain(name);
});

test('switched on, it brings its dashboard and its alerts', () => {
  const text = JSON.stringify(manifests);
  expect(text).toContain('mantis-cluster');
  for (const alert of ['NodeNotReady', 'NodeFilesystemFull', 'PodCrashLooping', 'WorkloadNotReady'])
    expect(text).toContain(`alert: ${alert}`);
});

test('it has a namespace of its own, which says whose it is', () => {
  expect(find(manifests, 'Namespace', 'observability-cluster').metadata.labels).toMatchObject({
    [belongsToLabel]: 'observability',
    'pod-security.kubernetes.io/enforce': 'privileged',
  });
  expect(find(manifests, 'Namespace', 'observability').metadata.labels).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'restricted',
  });
});

test.each(['observability', 'kube-system', 'default'])(
  'its namespace cannot be %s',
  (namespace) => {
    const { error } = settingsSchema.safeParse(switchedOn({ namespace }));
    expect(error?.issues[0]?.path).toEqual(['clusterView', 'namespace']);
  },
);

test('only the node collector sees a node, and of it two directories', () => {
  const volumes = own
    .filter(({ spec }) => spec?.template !== undefined)
    .flatMap((workload) =>
      workload.spec.template.spec.volumes
        .filter((volume: object) => 'hostPath' in volume)
        .map(({ hostPath }: Manifest) => [where(workload), hostPath.path]),
    );
  expect(volumes).toEqual([
    ['DaemonSet node-collector', '/var/log/pods'],
    ['DaemonSet node-collector', '/var/lib/mantis/observability-cluster'],
  ]);
  const [container] = podOf('DaemonSet', 'node-collector').containers;
  const mount = container.volumeMounts.find(({ mountPath }: Manifest) =>
    mountPath.startsWith('/var/log'),
  );
  expect(mount.readOnly).toBe(true);
});

test.each([
  ['DaemonSet', 'node-collector', 0],
  ['Deployment', 'event-collector', 10001],
  ['Deployment', 'kube-state-metrics', 65534],
] as const)('the pod of %s %s is as closed as it can be', (kind, name, uid) => {
  const pod = podOf(kind, name);
  expect(pod.securityContext).toMatchObject({
    runAsUser: uid,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(pod.securityContext.runAsNonRoot ?? false).toBe(uid !== 0);
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) expect(pod).not.toHaveProperty(field);
  for (const { securityContext } of pod.containers) {
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  }
});

test('a node collector runs on every node, and one pod at a time has its files', () => {
  const { spec } = find(own, 'DaemonSet', 'node-collector');
  expect(spec.template.spec.tolerations).toEqual([{ operator: 'Exists' }]);
  expect(spec.updateStrategy?.rollingUpdate?.maxSurge ?? 0).toBe(0);
});

test('never do two watch events', () => {
  const { spec } = find(own, 'Deployment', 'event-collector');
  expect([spec.replicas, spec.strategy]).toEqual([1, { type: 'Recreate' }]);
});

test.each([
  ['node-collector', [' nodes/stats get', ' pods get,list,watch']],
  ['event-collector', [' events get,list,watch']],
  [
    'kube-state-metrics',
    [
      ' nodes,persistentvolumeclaims,pods list,watch',
      'apps daemonsets,deployments,statefulsets list,watch',
      'batch jobs list,watch',
    ],
  ],
])('%s may do what it does, and nothing else', (name, golden) => {
  const { rules } = find(manifests, 'ClusterRole', `observability-cluster-${name}`);
  const lines = rules.map(({ apiGroups, resources, verbs }: Record<string, string[]>) =>
    [apiGroups, resources, verbs].map((each) => each?.join(',')).join(' '),
  );
  expect(lines.sort()).toEqual([...golden].sort());
});

test('every pod of it is cut off but for its edges', () => {
  const names = own
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map((each) => each.metadata.name);
  expect(names.sort()).toEqual(['default-deny', ...viewComponents].sort());
  const edges = edgesOf(settings);
  for (const component of viewComponents) {
    const { spec } = find(own, 'NetworkPolicy', component);
    const outgoing = edges.filter(({ from }) => from === component);
    const incoming = edges.filter(({ to }) => endpointOf(to)?.component === component);
    // DNS comes on top.
    expect(spec.egress.length).toBe(outgoing.length + 1);
    expect(spec.ingress.length).toBe(incoming.length);
    for (const rule of spec.ingress) {
      expect(rule.from[0].namespaceSelector.matchLabels).toEqual({
        'kubernetes.io/metadata.name': 'observability',
      });
    }
  }
});

test.each(collectors)('the collector lets %s in, whoever else may send', (name) => {
  const closed = synth(switchedOn({}, { collector: { senders: { namespaces: ['team'] } } }));
  const policies = closed.filter(({ metadata }) => metadata.namespace === 'observability');
  const { ingress } = find(policies, 'NetworkPolicy', 'otel-collector').spec;
  expect(ingress).toContainEqual({
    from: [
      {
        namespaceSelector: {
          matchLabels: { 'kubernetes.io/metadata.name': 'observability-cluster' },
        },
        podSelector: {
          matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': 'mantis' },
        },
      },
    ],
    ports: [{ protocol: 'TCP', port: 4317 }],
  });
});

test.each(collectors)('%s sends to the one entrance, keeps on disk, and never gives up', (name) => {
  const { exporters, service } = config(name);
  expect(Object.keys(exporters)).toEqual(['otlp_grpc/gateway']);
  const [gateway] = Object.values(exporters) as Manifest[];
  expect(gateway?.endpoint).toBe(address('otlpGrpc', settings));
  expect(gateway?.sending_queue).toMatchObject({ block_on_overflow: true });
  expect(service.extensions).toContain(gateway?.sending_queue.storage);
  expect(gateway?.retry_on_failure.max_elapsed_time).toBe(0);
});

test('files are read from their beginning, and remembered on the node', () => {
  const files = config('node-collector').receivers['file_log/pods'];
  expect(files).toMatchObject({ start_at: 'beginning', storage: 'file_storage/checkpoints' });
  const { directory } = config('node-collector').extensions['file_storage/checkpoints'];
  expect(directory).toBe('/var/lib/mantis/observability-cluster/checkpoints');
});

test.each([
  [{}, ['observability', 'observability-cluster'], ['*']],
  [{ skip: ['noisy'] }, ['observability', 'observability-cluster', 'noisy'], ['*']],
  [
    { namespaces: ['shop', 'web'] },
    ['observability', 'observability-cluster'],
    ['shop_*', 'web_*'],
  ],
] as const)('pod logs with %j', (logs, skipped, read) => {
  const { include, exclude } = config('node-collector', switchedOn({ logs: logs as View['logs'] }))
    .receivers['file_log/pods'];
  for (const namespace of skipped) expect(exclude).toContain(`/var/log/pods/${namespace}_*/*/*`);
  expect(exclude.length).toBe(skipped.length + 2);
  expect(include).toEqual(
    read.flatMap((pods) => [`/var/log/pods/${pods}/*/*.log`, `/var/log/pods/${pods}/*/*.log.*`]),
  );
});

test('a pod that says that it sends its logs is left out', () => {
  const { processors, service } = config('node-collector');
  const { extract } = processors.k8s_attributes;
  expect(extract.annotations).toEqual([
    { tag_name: 'mantis.logs', key: 'mantis.dev/logs', from: 'pod' },
  ]);
  const order: string[] = service.pipelines.logs.processors;
  expect(order.indexOf('filter/sent-by-otlp')).toBeGreaterThan(order.indexOf('k8s_attributes'));
  expect(order.indexOf('filter/sent-by-otlp')).toBeLessThan(order.indexOf('resource/node'));
});

test('kube-state-metrics gives what dashboards and alerts ask for, of what it may see', () => {
  const [container] = podOf('Deployment', 'kube-state-metrics').containers;
  const allowed = container.args.find((arg: string) => arg.startsWith('--metric-allowlist='));
  const names = Object.values(kubeMetrics).map((name) => `^${name}$`);
  expect(allowed).toBe(`--metric-allowlist=${names.join(',')}`);
});

test('Prometheus scrapes all three, the node collectors one by one', () => {
  const { scrape_configs } = parse(configFile(manifests, 'prometheus-config', 'prometheus.yaml'));
  const job = (name: string) =>
    scrape_configs.find(({ job_name }: { job_name: string }) => job_name === name);
  const host = (name: string) => `${name}.observability-cluster.svc.cluster.local`;
  const { metrics } = viewPorts['node-collector'];
  expect(job('node-collector').dns_sd_configs).toEqual([
    { names: [host('node-collector')], type: 'A', port: metrics.number },
  ]);
  expect(find(own, 'Service', 'node-collector').spec.clusterIP).toBe('None');
  for (const name of ['event-collector', 'kube-state-metrics'] as const) {
    const [port] = Object.values(viewPorts[name]);
    expect(job(name).static_configs).toEqual([{ targets: [`${host(name)}:${port?.number}`] }]);
  }
});
