import type { Duration, Size } from 'cdk8s';
import type { ConfigObject } from '../model/config-file.ts';
import { ports } from '../model/ports.ts';
import { sourceFile } from '../model/source.ts';
import { logIndexLabels, maxLogStreams } from '../telemetry/logs.ts';

export const lokiConfigSource = sourceFile(import.meta.filename);

export interface LokiConfigProps {
  readonly dataDir: string;
  /** Directory of the ruler's files, with one subdirectory for each tenant. */
  readonly rulesDir: string;
  readonly retention: Duration;
  readonly memoryLimit: Size;
  /** @default - alerts on logs notify nobody */
  readonly alertmanagerUrl?: string;
  /** Where the ruler writes the results of recording rules. @default - they are not stored */
  readonly remoteWriteUrl?: string;
}

/**
 * The configuration of Loki as one process on one volume
 * (https://grafana.com/docs/loki/latest/configure/; 3.7.8). Its components communicate over
 * loopback; only HTTP is open to other pods.
 */
export function lokiConfig(props: LokiConfigProps): ConfigObject {
  const { dataDir } = props;
  const memory = props.memoryLimit.toMebibytes();
  return {
    auth_enabled: false,
    analytics: { reporting_enabled: false },
    server: {
      http_listen_port: ports.loki.http.number,
      grpc_listen_address: '127.0.0.1',
      // Within Loki a request is much larger than the collector sent it, because the attributes of
      // its resource are repeated on every line.
      grpc_server_max_recv_msg_size: 536_870_912,
      grpc_server_max_send_msg_size: 536_870_912,
      log_level: 'warn',
    },
    common: {
      path_prefix: dataDir,
      instance_addr: '127.0.0.1',
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
      storage: {
        filesystem: {
          chunks_directory: `${dataDir}/chunks`,
          rules_directory: `${dataDir}/rules`,
        },
      },
    },
    schema_config: {
      configs: [
        {
          // Before any log. Change the schema only by appending an entry with a later date.
          from: '2024-01-01',
          store: 'tsdb',
          object_store: 'filesystem',
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
    ingester: {
      // A single ingester has no ring to wait for.
      lifecycler: { min_ready_duration: '0s', final_sleep: '0s' },
      chunk_encoding: 'snappy',
      // Lines are in the ingester until it flushes them, late ones too. By default only queries of
      // the last hours ask it.
      query_store_max_look_back_period: -1,
      wal: { replay_memory_ceiling: `${Math.floor(memory / 2)}MB` },
    },
    chunk_store_config: {
      chunk_cache_config: { embedded_cache: { enabled: true, max_size_mb: cacheSize(memory) } },
    },
    // The interval at which the frontend looks up its scheduler; Loki is not ready before that.
    frontend: { scheduler_dns_lookup_period: '1s' },
    query_range: {
      results_cache: {
        cache: { embedded_cache: { enabled: true, max_size_mb: cacheSize(memory) } },
      },
    },
    limits_config: {
      retention_period: `${props.retention.toHours()}h`,
      // No limit, so that queries may cover the whole retention; the default is 30 days.
      max_query_length: '0s',
      // A request above the burst would be rejected for ever. The collector sends no faster than
      // Loki answers, so a rate limit protects nothing.
      ingestion_rate_mb: 512,
      ingestion_burst_size_mb: 512,
      per_stream_rate_limit: '512MB',
      per_stream_rate_limit_burst: '512MB',
      max_global_streams_per_user: maxLogStreams,
      // Above it a query fails; the default of 500 is less than services have endpoints.
      max_query_series: 10_000,
      // Lines of one stream may be hours apart: those older than 40 minutes go to a stream of their
      // hour. Without it, Loki rejects what is an hour older than the newest line of its stream.
      shard_streams: { time_sharding_enabled: true },
      // Older lines would be deleted at once.
      reject_old_samples_max_age: `${props.retention.toHours()}h`,
      // The collector limits the size of attributes; a line is not rejected for them.
      max_structured_metadata_size: 0,
      max_structured_metadata_entries_count: 0,
      max_label_value_length: 8192,
      // Truncates a long line instead of rejecting its whole batch.
      max_line_size_truncate: true,
      otlp_config: {
        resource_attributes: {
          ignore_defaults: true,
          attributes_config: [{ action: 'index_label', attributes: logIndexLabels }],
        },
      },
    },
    compactor: {
      working_directory: `${dataDir}/compactor`,
      retention_enabled: true,
      // Loki refuses to start with retention on and this unset.
      delete_request_store: 'filesystem',
    },
    ruler: {
      storage: { type: 'local', local: { directory: props.rulesDir } },
      rule_path: `${dataDir}/rules-temp`,
      ...(props.alertmanagerUrl && { alertmanager_url: props.alertmanagerUrl }),
      enable_api: true,
      ring: { kvstore: { store: 'inmemory' } },
      wal: { dir: `${dataDir}/ruler-wal` },
      ...(props.remoteWriteUrl && {
        remote_write: { enabled: true, clients: { prometheus: { url: props.remoteWriteUrl } } },
      }),
    },
  };
}

/** A tenth of the memory for each of the two caches leaves room for queries. */
function cacheSize(memoryMebibytes: number): number {
  return Math.floor(memoryMebibytes / 10);
}
