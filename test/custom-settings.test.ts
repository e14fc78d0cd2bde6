import { type DiffOptions, diffLinesUnified } from 'jest-diff';
import { parse } from 'yaml';
import type { SettingsInput } from '../lib/schema.ts';
import { configFile, findManifest, synth, synthFiles, workloads } from './synthesized.ts';

const digest = `sha256:${'5'.repeat(64)}`;
const custom: SettingsInput = {
  namespace: 'telemetry',
  clusterDomain: 'example.internal',
  clusterName: 'production-1',
  environment: 'production',
  imagePrefix: 'registry.example.com/mirror',
  imageDigests: { 'grafana/loki:3.7.8': digest },
  imagePullPolicy: 'Always',
  imagePullSecret: 'registry-login',
  storageClass: 'fast',
  loki: { retention: '30d', storage: '100Gi', extraArgs: ['-log.level=info'] },
  collector: {
    storage: '64Mi',
    scrapeConfigs: [{ job_name: 'legacy', static_configs: [{ targets: ['legacy:8080'] }] }],
    egress: [{ port: 443 }],
    secret: 'vendor',
    extraConfig: {
      exporters: { 'otlp_http/vendor': { endpoint: 'https://otlp.example.com' } },
      service: { pipelines: { traces: { exporters: ['otlp_http/vendor'] } } },
    },
  },
  grafana: {
    url: 'https://example.com/grafana',
    allowedClients: { namespaces: ['ingress-nginx'] },
    ingress: {
      className: 'nginx',
      annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt' },
      tlsSecret: 'grafana-tls',
    },
    httpRoute: { parentRefs: [{ name: 'public', namespace: 'gateways', sectionName: 'https' }] },
    extraConfig: { log: { level: 'info' } },
  },
  testApp: { enabled: false },
};
const manifests = synth(custom);
const text = Object.values(synthFiles(custom)).join('');

/** The default installation, which dist/ shows, with the names that are in every object of the other. */
const defaults = Object.fromEntries(
  Object.entries(synthFiles()).map(([file, content]) => [
    file,
    content
      .replaceAll('observability', 'telemetry')
      .replaceAll('cluster.local', 'example.internal'),
  ]),
);

const plain = (line: string) => line;
const diffOptions: DiffOptions = {
  ...{ expand: false, contextLines: 4, omitAnnotationLines: true },
  ...{ aColor: plain, bColor: plain, commonColor: plain, patchColor: plain },
};

test('what settings change in an installation', () => {
  const changed = Object.entries(synthFiles(custom))
    .filter(([file, content]) => content !== defaults[file])
    .map(([file, content]) => {
      const lines = (yaml = '') => yaml.split('\n');
      return `${file}\n${diffLinesUnified(lines(defaults[file]), lines(content), diffOptions)}`;
    });
  expect(changed.join('\n\n')).toMatchSnapshot();
});

test('namespace and cluster domain are used in every object and address', () => {
  expect(text).not.toContain('observability');
  expect(text).not.toContain('cluster.local');
});

test.each(workloads(manifests))(
  '$metadata.name uses the image prefix and the storage class',
  (workload) => {
    const { spec } = workload.spec.template;
    expect(spec.containers[0].image).toMatch(/^registry\.example\.com\/mirror\/\w/);
    expect(spec.imagePullSecrets).toEqual([{ name: 'registry-login' }]);
    expect(spec.containers[0].imagePullPolicy).toBe('Always');
    for (const claim of workload.spec.volumeClaimTemplates) {
      expect(claim.spec.storageClassName).toBe('fast');
    }
  },
);

test('only images with a known digest are referenced by it', () => {
  const pinned = workloads(manifests)
    .map(({ spec }) => spec.template.spec.containers[0].image)
    .filter((image) => image.includes('@'));
  expect(pinned).toEqual([`registry.example.com/mirror/grafana/loki:3.7.8@${digest}`]);
});

test('an exporter of the user is added to the pipeline, and its egress is allowed', () => {
  const config = parse(configFile(manifests, 'otel-collector-config', 'collector.yaml'));
  expect(config.service.pipelines.traces.exporters).toEqual([
    'otlp_grpc/tempo',
    'otlp_http/vendor',
  ]);
  expect(config.exporters['otlp_http/vendor'].endpoint).toBe('https://otlp.example.com');
  const { egress } = findManifest(manifests, 'NetworkPolicy', 'otel-collector').spec;
  expect(egress).toContainEqual({
    to: [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }],
    ports: [{ protocol: 'TCP', port: 443 }],
  });
});

test('the Secret of the user is in the environment of the collector only', () => {
  const containers = workloads(manifests).map(({ metadata, spec }) => ({
    name: metadata.name,
    from: spec.template.spec.containers[0].envFrom,
  }));
  expect(containers.filter(({ from }) => from !== undefined)).toEqual([
    { name: 'otel-collector', from: [{ secretRef: { name: 'vendor' } }] },
  ]);
});

test('extra arguments come last', () => {
  const { containers } = findManifest(manifests, 'StatefulSet', 'loki').spec.template.spec;
  expect(containers[0].args.at(-1)).toBe('-log.level=info');
});

test('a custom image of the test app ignores the image prefix', () => {
  const image = 'registry.example.com/shop:1';
  const withCustomImage = synth({ testApp: { image }, imagePrefix: 'mirror.example.com' });
  const images = workloads(withCustomImage).map(({ metadata, spec }) => [
    metadata.name,
    spec.template.spec.containers[0].image,
  ]);
  for (const [name, used] of images) {
    if (['shop', 'orders', 'inventory', 'payments'].includes(name)) expect(used).toBe(image);
    else expect(used).toMatch(/^mirror\.example\.com\//);
  }
});

test('a changed configuration rolls only the pod that reads it', () => {
  const hashes = (each: ReturnType<typeof synth>) =>
    Object.fromEntries(
      workloads(each).map(({ metadata, spec }) => [
        metadata.name,
        spec.template.metadata.annotations?.['mantis.dev/config-hash'],
      ]),
    );
  const before = hashes(synth());
  const after = hashes(synth({ loki: { retention: '30d' } }));
  const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
  expect(changed).toEqual(['loki']);
});
