import { Duration, Size } from 'cdk8s';
import { settingsSchema } from '../schema.ts';
import { attributes } from '../telemetry/app.ts';
import { prometheusConfig } from './config.ts';

// biome-ignore lint/suspicious/noExplicitAny: the shape is Prometheus's, and promtool checks it
function config(change: object = {}): any {
  return prometheusConfig({
    retention: Duration.days(15),
    storage: Size.gibibytes(10),
    alertmanagerUrl: 'http://alertmanager:9093',
    targets: [{ job: 'loki', target: 'loki:3100' }],
    annotatedPods: settingsSchema.parse({}).prometheus.annotatedPods,
    remoteWrite: [],
    ruleFiles: '/rules/*.yaml',
    ...change,
  });
}

interface ScrapeConfig {
  readonly job_name: string;
  readonly static_configs?: readonly { readonly targets: readonly string[] }[];
}

function job(name: string, change: object = {}) {
  return config(change).scrape_configs.find((each: ScrapeConfig) => each.job_name === name);
}

test('retention by time is the one of the settings', () => {
  expect(config({ retention: Duration.hours(36) }).storage.tsdb.retention.time).toBe('36h');
});

test.each([16, 256, 10_240])('retention by size leaves a fifth of %d MiB free', (mebibytes) => {
  const { size } = config({ storage: Size.mebibytes(mebibytes) }).storage.tsdb.retention;
  expect(size).toBe(`${Math.floor(mebibytes * 0.8)}MiB`);
  expect(Number.parseInt(size, 10)).toBeGreaterThan(0);
});

test('every target is scraped under its job name, and Prometheus itself too', () => {
  expect(job('loki').static_configs).toEqual([{ targets: ['loki:3100'] }]);
  expect(job('prometheus').static_configs).toEqual([{ targets: ['localhost:9090'] }]);
});

test('job names are unique', () => {
  const names = config().scrape_configs.map((each: ScrapeConfig) => each.job_name);
  expect(new Set(names).size).toBe(names.length);
});

test('out-of-order samples are accepted, and rules are evaluated with an offset', () => {
  const { storage, global } = config();
  expect(storage.tsdb.out_of_order_time_window).toBe('48h');
  expect(global.rule_query_offset).toBe('30s');
});

test('OTLP metrics have labels for service and pod', () => {
  expect(config().otlp.promote_resource_attributes).toEqual(
    expect.arrayContaining([attributes.serviceName, attributes.k8sPodName]),
  );
});

test('alerts are sent to Alertmanager, rules are read from the mounted files', () => {
  const { alerting, rule_files } = config();
  expect(alerting.alertmanagers).toEqual([
    { static_configs: [{ targets: ['alertmanager:9093'] }] },
  ]);
  expect(rule_files).toEqual(['/rules/*.yaml']);
});

interface Relabeling {
  readonly source_labels: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly action?: 'keep' | 'drop' | 'dropequal';
  readonly target_label?: string;
  readonly replacement?: string;
}

/** The labels of a pod after relabeling, or undefined if it is dropped. */
function discovered(pod: Readonly<Record<string, string>>) {
  const labels: Record<string, string> = { __address__: '10.0.0.1:80', ...pod };
  const steps: Relabeling[] = job('annotated-pods').relabel_configs;
  for (const step of steps) {
    const { source_labels, separator = ';', regex = '(.*)', replacement = '$1' } = step;
    const text = source_labels.map((name) => labels[name] ?? '').join(separator);
    const pattern = new RegExp(`^(?:${regex})$`);
    if (step.action === 'keep' && !pattern.test(text)) return undefined;
    if (step.action === 'drop' && pattern.test(text)) return undefined;
    if (step.action === 'dropequal' && text === labels[step.target_label ?? '']) return undefined;
    if (step.action !== undefined || step.target_label === undefined || !pattern.test(text))
      continue;
    // As in Prometheus: the result is only the replacement, by default $1.
    labels[step.target_label] = text.replace(pattern, replacement);
  }
  return labels;
}

const pod = (annotations: Record<string, string>, phase = 'Running') => ({
  __meta_kubernetes_pod_ip: '10.0.0.1',
  __meta_kubernetes_pod_phase: phase,
  __meta_kubernetes_pod_name: 'api-0',
  __meta_kubernetes_namespace: 'apps',
  __meta_kubernetes_pod_label_app_kubernetes_io_name: 'api',
  ...Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [
      `__meta_kubernetes_pod_annotation_prometheus_io_${key}`,
      value,
    ]),
  ),
});

test.each([
  ['no annotation', pod({})],
  ['scrape: "false"', pod({ scrape: 'false' })],
  ['a pod that has succeeded', pod({ scrape: 'true' }, 'Succeeded')],
])('%s is not scraped', (_, labels) => {
  expect(discovered(labels)).toBeUndefined();
});

test('an annotated pod is scraped at the port, path and scheme of its annotations', () => {
  const annotations = { scrape: 'true', port: '8080', path: '/stats', scheme: 'https' };
  expect(discovered(pod(annotations))).toMatchObject({
    __address__: '10.0.0.1:8080',
    __metrics_path__: '/stats',
    __scheme__: 'https',
    service_name: 'api',
    k8s_namespace_name: 'apps',
    k8s_pod_name: 'api-0',
  });
});

test('a pod in the network of its node is not scraped', () => {
  const onNode = { ...pod({ scrape: 'true' }), __meta_kubernetes_pod_host_ip: '10.0.0.1' };
  expect(discovered(onNode)).toBeUndefined();
  const other = { ...onNode, __meta_kubernetes_pod_host_ip: '10.0.0.2' };
  expect(discovered(other)).toMatchObject({ k8s_pod_name: 'api-0' });
});

const annotatedPods = (input: object = {}) => ({
  annotatedPods: settingsSchema.parse({ prometheus: { annotatedPods: input } }).prometheus
    .annotatedPods,
});

test('pages of annotated pods are limited, and only theirs', () => {
  const limited = annotatedPods({ sampleLimit: 500, bodySizeLimit: '1Gi' });
  expect(job('annotated-pods', limited)).toMatchObject({
    sample_limit: 500,
    body_size_limit: '1024MiB',
  });
  const others = config(limited).scrape_configs.filter(
    ({ job_name }: ScrapeConfig) => job_name !== 'annotated-pods',
  );
  expect(JSON.stringify(others)).not.toMatch(/(sample|size)_limit"/);
});

test('annotated pods can be limited to namespaces, or left out', () => {
  const [all] = job('annotated-pods').kubernetes_sd_configs;
  expect(all).toEqual({ role: 'pod' });
  const [some] = job(
    'annotated-pods',
    annotatedPods({ namespaces: ['a', 'b'] }),
  ).kubernetes_sd_configs;
  expect(some).toEqual({ role: 'pod', namespaces: { names: ['a', 'b'] } });
  expect(job('annotated-pods', annotatedPods({ enabled: false }))).toBeUndefined();
});

test('the address of an IPv6 pod is put in brackets', () => {
  const labels = { ...pod({ scrape: 'true', port: '8080' }), __meta_kubernetes_pod_ip: 'fd00::1' };
  expect(discovered(labels)?.__address__).toBe('[fd00::1]:8080');
});

test('without further annotations the declared port and the default path are used', () => {
  const labels = discovered(pod({ scrape: 'true' }));
  expect(labels?.__address__).toBe('10.0.0.1:80');
  expect(labels).not.toHaveProperty('__metrics_path__');
});
