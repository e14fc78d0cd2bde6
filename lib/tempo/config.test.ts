import { Duration, Size } from 'cdk8s';
import { type SettingsInput, settingsSchema } from '../schema.ts';
import { exemplarTraceLabel } from '../telemetry/span-metrics.ts';
import { tempoConfig, tempoDataDir } from './config.ts';

// biome-ignore lint/suspicious/noExplicitAny: the shape is Tempo's, and its program checks it
const config = (retention = Duration.days(2), sampling?: SettingsInput['collector']): any =>
  tempoConfig({
    retention,
    memoryLimit: Size.gibibytes(1),
    remoteWriteUrl: 'http://prometheus:9090/api/v1/write',
    maxActiveSeries: 1000,
    sampling: settingsSchema.parse({ collector: sampling }).collector.sampling,
  });

test('retention is the block retention of the compaction, in hours', () => {
  expect(config(Duration.days(30)).overrides.defaults.compaction.block_retention).toBe('720h');
});

test('all paths that Tempo writes to are below its data directory', () => {
  const { storage, metrics_generator } = config();
  for (const path of [
    storage.trace.wal.path,
    storage.trace.local.path,
    metrics_generator.storage.path,
  ]) {
    expect(path.startsWith(`${tempoDataDir}/`)).toBe(true);
  }
});

test('span metrics and service graph are generated, with the exemplar label of the link in Grafana', () => {
  const { metrics_generator, overrides } = config();
  const generator = overrides.defaults.metrics_generator;
  expect(generator.processors.sort()).toEqual(['service-graphs', 'span-metrics']);
  expect(generator.trace_id_label_name).toBe(exemplarTraceLabel);
  expect(metrics_generator.storage.remote_write).toEqual([
    { url: 'http://prometheus:9090/api/v1/write', send_exemplars: true },
  ]);
});

test('series from spans are limited, and span names with ids are one series', () => {
  expect(config().overrides.defaults.metrics_generator).toMatchObject({
    max_active_series: 1000,
    span_name_sanitization: 'enabled',
  });
  // It would take the span names of all services.
  expect(JSON.stringify(config())).not.toContain('max_cardinality_per_label');
});

test('live traces are limited by their size, for which senders wait, not by their number', () => {
  const { live_store, overrides } = config();
  expect(overrides.defaults.ingestion.max_traces_per_user).toBe(0);
  expect(live_store.max_live_traces_bytes).toBe(32 * 1024 * 1024);
});

test('the newest traces are searchable within seconds', () => {
  const { query_frontend, live_store } = config();
  expect(query_frontend.query_end_cutoff).toBe('1s');
  expect(live_store.max_trace_idle).toBe('1s');
});

test('without sampling spans are not multiplied', () => {
  expect(JSON.stringify(config())).not.toContain('multiplier');
});

test.each([
  [{ sampling: { mode: 'head', keep: '10%' } }, '900s'],
  [{ sampling: { mode: 'tail', keep: '10%', decisionWait: '20s' } }, '920s'],
] as const)('with %j spans are multiplied by the sampling threshold', (collector, slack) => {
  const generator = config(undefined, collector).overrides.defaults.metrics_generator;
  const { span_metrics, service_graphs } = generator.processor;
  expect(span_metrics.enable_tracestate_span_multiplier).toBe(true);
  expect(service_graphs.enable_tracestate_span_multiplier).toBe(true);
  expect(generator.ingestion_time_range_slack).toBe(slack);
});
