import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { address } from '../lib/model/addresses.ts';
import { belongsToLabel, forwarderLabel } from '../lib/model/labels.ts';
import { ports, servicesOf } from '../lib/model/ports.ts';
import type { SettingsInput } from '../lib/schema.ts';
import { settingsSchema } from '../lib/schema.ts';
import {
  configFile,
  findManifest,
  kindAndName,
  type Manifest,
  settingsOf,
  synth,
} from './synthesized.ts';

type View = NonNullable<SettingsInput['clusterView']>;

const withClusterView = (view: View = {}, more: SettingsInput = {}): SettingsInput => ({
  ...more,
  clusterView: { enabled: true, ...view },
});
const settings = settingsOf(withClusterView());
const manifests = synth(withClusterView());
const viewManifests = manifests.filter(
  ({ metadata }) => metadata.namespace === 'observability-cluster',
);
const podOf = (kind: string, name: string) =>
  findManifest(viewManifests, kind, name).spec.template.spec;
const collectors = ['node-collector', 'event-collector'] as const;
const config = (name: (typeof collectors)[number], input = withClusterView()) =>
  parse(configFile(synth(input), `${name}-config`, 'collector.yaml'));

test('the cluster view is disabled by default', () => {
  const text = JSON.stringify(synth());
  for (const name of [
    ...servicesOf('clusterView'),
    'observability-cluster',
    'mantis-cluster',
    'NodeNotReady',
  ])
    expect(text).not.toContain(name);
});

test('enabling it adds its dashboard and its alerts', () => {
  const text = JSON.stringify(manifests);
  expect(text).toContain('mantis-cluster');
  for (const alert of ['NodeNotReady', 'NodeFilesystemFull', 'PodCrashLooping', 'WorkloadNotReady'])
    expect(text).toContain(`alert: ${alert}`);
});

test('it has its own privileged namespace, labelled with that of the stack', () => {
  expect(
    findManifest(manifests, 'Namespace', 'observability-cluster').metadata.labels,
  ).toMatchObject({
    [belongsToLabel]: 'observability',
    'pod-security.kubernetes.io/enforce': 'privileged',
  });
  expect(findManifest(manifests, 'Namespace', 'observability').metadata.labels).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'restricted',
  });
});

test.each(['observability', 'kube-system', 'default'])(
  'its namespace cannot be %s',
  (namespace) => {
    const { error } = settingsSchema.safeParse(withClusterView({ namespace }));
    expect(error?.issues[0]?.path).toEqual(['clusterView', 'namespace']);
  },
);

test('only the node collector mounts host paths, two of them', () => {
  const volumes = viewManifests
    .filter(({ spec }) => spec?.template !== undefined)
    .flatMap((workload) =>
      workload.spec.template.spec.volumes
        .filter((volume: object) => 'hostPath' in volume)
        .map(({ hostPath }: Manifest) => [kindAndName(workload), hostPath.path]),
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
] as const)('the pod of %s %s has a restricted security context', (kind, name, uid) => {
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

test('the node collector runs on every node, with one pod at a time', () => {
  const { spec } = findManifest(viewManifests, 'DaemonSet', 'node-collector');
  expect(spec.template.spec.tolerations).toEqual([{ operator: 'Exists' }]);
  expect(spec.updateStrategy?.rollingUpdate?.maxSurge ?? 0).toBe(0);
});

test('the event collector never runs twice', () => {
  const { spec } = findManifest(viewManifests, 'Deployment', 'event-collector');
  expect([spec.replicas, spec.strategy]).toEqual([1, { type: 'Recreate' }]);
});

test.each([
  ['node-collector', [' nodes/stats get', ' pods get,list,watch']],
  ['event-collector', [' events get,list,watch']],
  [
    'kube-state-metrics',
    [
      ' nodes,persistentvolumeclaims,pods,resourcequotas list,watch',
      'apps daemonsets,deployments,statefulsets list,watch',
      'autoscaling horizontalpodautoscalers list,watch',
      'batch jobs list,watch',
    ],
  ],
])('%s has exactly the permissions it needs', (name, golden) => {
  const { rules } = findManifest(manifests, 'ClusterRole', `observability-cluster-${name}`);
  const lines = rules.map(({ apiGroups, resources, verbs }: Record<string, string[]>) =>
    [apiGroups, resources, verbs].map((each) => each?.join(',')).join(' '),
  );
  expect(lines.sort()).toEqual([...golden].sort());
});

test.each([
  ['DaemonSet', 'node-collector'],
  ['Deployment', 'event-collector'],
])('what %s %s sends is not taken for its own telemetry', (kind, name) => {
  const { template, selector } = findManifest(viewManifests, kind, name).spec;
  expect(template.metadata.labels).toMatchObject({ [forwarderLabel]: 'true' });
  // Selectors are immutable.
  expect(selector.matchLabels).not.toHaveProperty([forwarderLabel]);
  const gateway = parse(configFile(manifests, 'otel-collector-config', 'collector.yaml'));
  expect(gateway.processors.k8s_attributes.filter.labels).toEqual([
    { key: forwarderLabel, op: 'not-equals', value: 'true' },
  ]);
});

test.each(collectors)('the collector accepts telemetry of %s with any allowed senders', (name) => {
  const closed = synth(
    withClusterView({}, { collector: { allowedSenders: { namespaces: ['team'] } } }),
  );
  const policies = closed.filter(({ metadata }) => metadata.namespace === 'observability');
  const { ingress } = findManifest(policies, 'NetworkPolicy', 'otel-collector').spec;
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

test.each(collectors)(
  '%s sends to the gateway, with a queue on disk and endless retries',
  (name) => {
    const { exporters, service } = config(name);
    expect(Object.keys(exporters)).toEqual(['otlp_grpc/gateway']);
    const [gateway] = Object.values(exporters) as Manifest[];
    expect(gateway?.endpoint).toBe(address('otlpGrpc', settings));
    expect(gateway?.sending_queue).toMatchObject({ block_on_overflow: true });
    const gatewayConfig = parse(configFile(manifests, 'otel-collector-config', 'collector.yaml'));
    const { max_recv_msg_size_mib } = gatewayConfig.receivers.otlp.protocols.grpc;
    expect(gateway?.sending_queue.batch.max_size).toBeLessThan(max_recv_msg_size_mib * 2 ** 20);
    expect(service.extensions).toContain(gateway?.sending_queue.storage);
    expect(gateway?.retry_on_failure.max_elapsed_time).toBe(0);
  },
);

test('log files are read from the beginning, with checkpoints on the node', () => {
  const files = config('node-collector').receivers['file_log/pods'];
  expect(files).toMatchObject({ start_at: 'beginning', storage: 'file_storage/checkpoints' });
  const { directory } = config('node-collector').extensions['file_storage/checkpoints'];
  expect(directory).toBe('/var/lib/mantis/observability-cluster/checkpoints');
});

test.each([
  [{}, ['observability', 'observability-cluster'], ['*']],
  [{ excludeNamespaces: ['noisy'] }, ['observability', 'observability-cluster', 'noisy'], ['*']],
  [
    { namespaces: ['shop', 'web'] },
    ['observability', 'observability-cluster'],
    ['shop_*', 'web_*'],
  ],
] as const)('pod logs with %j', (logs, skipped, read) => {
  const { include, exclude } = config(
    'node-collector',
    withClusterView({ logs: logs as View['logs'] }),
  ).receivers['file_log/pods'];
  for (const namespace of skipped) expect(exclude).toContain(`/var/log/pods/${namespace}_*/*/*`);
  expect(exclude.length).toBe(skipped.length + 2);
  expect(include).toEqual(
    read.flatMap((pods) => [`/var/log/pods/${pods}/*/*.log`, `/var/log/pods/${pods}/*/*.log.*`]),
  );
});

test('logs of a pod that sends them by OTLP are dropped', () => {
  const { processors, service } = config('node-collector');
  const { extract } = processors.k8s_attributes;
  expect(extract.annotations).toEqual([
    { tag_name: 'mantis.logs', key: 'mantis.dev/logs', from: 'pod' },
  ]);
  const order: string[] = service.pipelines.logs.processors;
  expect(order.indexOf('filter/sent-by-otlp')).toBeGreaterThan(order.indexOf('k8s_attributes'));
  expect(order.indexOf('filter/sent-by-otlp')).toBeLessThan(order.indexOf('resource/node'));
});

test('kube-state-metrics exposes every metric that dashboards, alerts and runbooks use', () => {
  const [container] = podOf('Deployment', 'kube-state-metrics').containers;
  const option = '--metric-allowlist=';
  const list: string = container.args.find((arg: string) => arg.startsWith(option));
  const allowed = list.slice(option.length).split(',');
  const configMaps = manifests.filter(({ kind }) => kind === 'ConfigMap');
  const runbooks = readdirSync('docs/runbooks').map((file) =>
    readFileSync(`docs/runbooks/${file}`, 'utf8'),
  );
  const text = `${JSON.stringify(configMaps.map(({ data }) => data))}${runbooks}`;
  const used = [...new Set(text.match(/\bkube_\w+/g))];
  expect(used.length).toBeGreaterThan(10);
  expect(allowed).toEqual(expect.arrayContaining(used.map((name) => `^${name}$`)));
});

test('Prometheus scrapes all three, and each node collector by itself', () => {
  const { scrape_configs } = parse(configFile(manifests, 'prometheus-config', 'prometheus.yaml'));
  const job = (name: string) =>
    scrape_configs.find(({ job_name }: { job_name: string }) => job_name === name);
  const host = (name: string) => `${name}.observability-cluster.svc.cluster.local`;
  const { metrics } = ports['node-collector'];
  expect(job('node-collector').dns_sd_configs).toEqual([
    { names: [host('node-collector')], type: 'A', port: metrics.number },
  ]);
  expect(findManifest(viewManifests, 'Service', 'node-collector').spec.clusterIP).toBe('None');
  for (const name of ['event-collector', 'kube-state-metrics'] as const) {
    const [port] = Object.values(ports[name]);
    expect(job(name).static_configs).toEqual([{ targets: [`${host(name)}:${port?.number}`] }]);
  }
});
