import type { Duration, Size } from 'cdk8s';
import type { Sampling } from '../collector/telemetry-settings.ts';
import type { ConfigObject } from '../model/config-file.ts';
import { ports } from '../model/ports.ts';
import { sourceFile } from '../model/source.ts';
import { identityAttributes } from '../telemetry/identity.ts';
import { timeLimits } from '../telemetry/limits.ts';
import { exemplarTraceLabel, spanMetricDimensions } from '../telemetry/span-metrics.ts';

export const tempoConfigSource = sourceFile(import.meta.filename);

export interface TempoConfigProps {
  readonly retention: Duration;
  readonly memoryLimit: Size;
  /**
   * Where the metrics-generator sends span metrics, the service graph and exemplars.
   *
   * @default - it generates none
   */
  readonly remoteWriteUrl?: string;
  /** Sampling in the collector. */
  readonly sampling: Sampling;
  /** The series that are generated from spans, at most. */
  readonly maxActiveSeries: number;
}

/** The part of the memory limit for live traces, by the size that Tempo counts. */
const liveTraceShare = 1 / 32;

/** The parent of every path in Tempo's configuration; also Tempo's own default. */
export const tempoDataDir = '/var/tempo';

/**
 * Tempo as one process on one volume (https://grafana.com/docs/tempo/latest/configuration/; keys
 * of 3.0.3, which refuses a file with any key it does not know).
 */
export function tempoConfig(props: TempoConfigProps): ConfigObject {
  const generates = props.remoteWriteUrl !== undefined;
  const sampled = props.sampling.mode !== 'none';
  // Counts a span by the sampling probability in its trace state (lib/collector/sampling.ts).
  const spanMultiplier = sampled && { enable_tracestate_span_multiplier: true };
  return {
    stream_over_http_enabled: true,
    server: {
      http_listen_port: ports.tempo.http.number,
      grpc_listen_address: '127.0.0.1',
      log_level: 'warn',
    },
    distributor: {
      receivers: {
        otlp: {
          protocols: {
            grpc: {
              endpoint: `:${ports.tempo.otlpGrpc.number}`,
              // More than the collector merges into one request.
              max_recv_msg_size_mib: 64,
            },
            http: { endpoint: `:${ports.tempo.otlpHttp.number}` },
          },
        },
      },
    },
    live_store: {
      // A trace is searchable and on disk two seconds after its last span; by default ten.
      max_trace_idle: '1s',
      flush_check_period: '1s',
      // A sender waits while the traces of the last seconds have more bytes than this. In memory a
      // trace of one small span has ten times the size that Tempo counts.
      max_live_traces_bytes: Math.floor(props.memoryLimit.toKibibytes() * 1024 * liveTraceShare),
    },
    storage: {
      trace: {
        backend: 'local',
        wal: { path: `${tempoDataDir}/wal` },
        local: { path: `${tempoDataDir}/blocks` },
      },
    },
    query_frontend: {
      // By default the newest 30 s are hidden from search and TraceQL metrics.
      query_end_cutoff: '1s',
      // No limit, so that a query may cover the whole retention. By default searches of more than a
      // week and TraceQL metrics of more than a day are rejected.
      search: { max_duration: '0s' },
      // Steps of 30 s, as in the dashboards, are more than the default limit within four days.
      metrics: { max_duration: '0s', max_intervals: 0 },
    },
    // By default shutdown waits half a minute for compactions, which continue after a restart.
    backend_worker: { finish_on_shutdown_timeout: '2s' },
    metrics_generator: {
      storage: {
        // By default shutdown waits a minute for an unavailable Prometheus.
        remote_write_flush_deadline: '5s',
        path: `${tempoDataDir}/generator/wal`,
        remote_write: generates ? [{ url: props.remoteWriteUrl, send_exemplars: true }] : [],
      },
    },
    overrides: {
      defaults: {
        metrics_generator: {
          // Without processors the generator produces no metrics, and logs nothing about it.
          processors: generates ? ['service-graphs', 'span-metrics'] : [],
          processor: {
            span_metrics: { dimensions: spanMetricDimensions, ...spanMultiplier },
            service_graphs: {
              dimensions: identityAttributes,
              // Client and server of an edge have different values.
              enable_client_server_prefix: true,
              ...spanMultiplier,
            },
          },
          trace_id_label_name: exemplarTraceLabel,
          // Of all services together, first come, first served: a span that needs another series
          // counts without its service.
          max_active_series: props.maxActiveSeries,
          // So that a service with ids in its span names does not use up those series: such names
          // become one, `GET /users/<_>`, in span metrics only. No max_cardinality_per_label: above
          // it all services lose their span names at once, and need new series.
          span_name_sanitization: 'enabled',
          ingestion_time_range_slack: ingestionSlack(props.sampling),
        },
        compaction: { block_retention: `${props.retention.toHours()}h` },
        ingestion: {
          // A collector that drains its queue sends more than the default limit of 30 MB/s.
          rate_limit_bytes: 60_000_000,
          burst_size_bytes: 90_000_000,
          // By default traces above 10,000 at a time are discarded although the push succeeds.
          // max_live_traces_bytes limits their memory instead.
          max_traces_per_user: 0,
        },
      },
    },
    usage_report: { reporting_enabled: false },
  };
}

/**
 * How late a span may be to count in span metrics, for which tail sampling waits as well. The
 * default is 30 s.
 */
function ingestionSlack(sampling: Sampling): string {
  const wait = sampling.mode === 'tail' ? sampling.decisionWait.toSeconds() : 0;
  return `${timeLimits.spanMetrics.toSeconds() + wait}s`;
}
