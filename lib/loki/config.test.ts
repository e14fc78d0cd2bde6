import { Duration, Size } from 'cdk8s';
import { lokiConfig } from './config.ts';

// biome-ignore lint/suspicious/noExplicitAny: the shape is Loki's, and its program checks it
function config(change: object = {}): any {
  return lokiConfig({
    dataDir: '/data',
    rulesDir: '/rules',
    retention: Duration.days(7),
    memoryLimit: Size.gibibytes(1),
    alertmanagerUrl: 'http://alertmanager:9093',
    remoteWriteUrl: 'http://prometheus:9090/api/v1/write',
    ...change,
  });
}

test('retention is in the limits, in hours', () => {
  expect(config({ retention: Duration.days(3) }).limits_config.retention_period).toBe('72h');
});

test('retention is enabled, with delete requests in the object store', () => {
  const { compactor, schema_config } = config();
  expect(compactor.retention_enabled).toBe(true);
  expect(compactor.delete_request_store).toBe(schema_config.configs[0].object_store);
});

test('all paths that Loki writes to are below its data directory', () => {
  const { common, compactor, ruler } = config();
  for (const path of [
    common.path_prefix,
    common.storage.filesystem.chunks_directory,
    compactor.working_directory,
    ruler.rule_path,
    ruler.wal.dir,
  ]) {
    expect(path).toMatch(/^\/data(\/|$)/);
  }
});

test('the schema begins before any log', () => {
  expect(new Date(config().schema_config.configs[0].from).getFullYear()).toBeLessThan(2026);
});

test.each([96, 256, 1024, 4096])(
  'caches and replay of the write-ahead log fit into %d MiB',
  (mebibytes) => {
    const { chunk_store_config, query_range, ingester } = config({
      memoryLimit: Size.mebibytes(mebibytes),
    });
    const caches =
      chunk_store_config.chunk_cache_config.embedded_cache.max_size_mb +
      query_range.results_cache.cache.embedded_cache.max_size_mb;
    const replay = Number.parseInt(ingester.wal.replay_memory_ceiling, 10);
    expect(caches).toBeGreaterThan(0);
    expect(caches + replay).toBeLessThan(mebibytes * 0.8);
  },
);

test('no line is rejected for its age within the retention, its size or its rate', () => {
  const { limits_config, server } = config({ retention: Duration.days(3) });
  expect(limits_config.reject_old_samples_max_age).toBe('72h');
  expect(limits_config.shard_streams.time_sharding_enabled).toBe(true);
  expect(limits_config.max_structured_metadata_size).toBe(0);
  // A request above the burst would never be accepted.
  expect(limits_config.ingestion_burst_size_mb * 1024 * 1024).toBeGreaterThanOrEqual(
    server.grpc_server_max_recv_msg_size,
  );
});

test('attributes with many values are not index labels', () => {
  const { attributes_config, ignore_defaults } =
    config().limits_config.otlp_config.resource_attributes;
  expect(ignore_defaults).toBe(true);
  const [{ action, attributes }] = attributes_config;
  expect(action).toBe('index_label');
  expect(attributes).toContain('service.name');
  for (const many of ['k8s.pod.name', 'service.instance.id', 'service.version']) {
    expect(attributes).not.toContain(many);
  }
});

test('the ruler reads rule files, sends alerts to Alertmanager and writes to Prometheus', () => {
  const { ruler } = config();
  expect(ruler.storage.local.directory).toBe('/rules');
  expect(ruler.alertmanager_url).toBe('http://alertmanager:9093');
  expect(ruler.remote_write.clients.prometheus.url).toBe('http://prometheus:9090/api/v1/write');
});
