import type { Duration } from 'cdk8s';
import type { Sampling } from '../collector/telemetry-settings.ts';
import type { ConfigObject } from '../model/config-file.ts';
import { ports } from '../model/topology.ts';
import { exemplarTraceLabel, spanMetricDimensions } from '../telemetry/span-metrics.ts';

export interface TempoConfigProps {
  readonly retention: Duration;
  /** Where the metrics-generator sends span metrics, the service graph and exemplars. */
  readonly remoteWriteUrl: string;
  /** What the collector keeps of the traces. */
  readonly sampling: Sampling;
}

/** Tempo 3 keeps all it writes below this directory unless each path is set. */
export const tempoDataDir = '/var/tempo';

/**
 * Tempo as one process on one volume (https://grafana.com/docs/tempo/latest/configuration/; keys
 * of 3.0.3, which refuses a file with any key it does not know).
 */
export function tempoConfig(props: TempoConfigProps): ConfigObject {
  const sampled = props.sampling.mode !== 'none';
  // A kept span counts for as many as its trace state says (lib/collector/sampling.ts).
  const adjusted = sampled && { enable_tracestate_span_multiplier: true };
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
              endpoint: `0.0.0.0:${ports.tempo.otlpGrpc.number}`,
              max_recv_msg_size_mib: 16,
            },
          },
        },
      },
    },
    live_store: {
      // A trace becomes searchable, and safe on disk, two seconds after its last span (default 10).
      max_trace_idle: '1s',
      flush_check_period: '1s',
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
    },
    // There is one process and no queue of compactions worth waiting half a minute for.
    backend_worker: { finish_on_shutdown_timeout: '2s' },
    metrics_generator: {
      storage: {
        // Stopping does not wait a minute for a Prometheus that is away.
        remote_write_flush_deadline: '5s',
        path: `${tempoDataDir}/generator/wal`,
        remote_write: [{ url: props.remoteWriteUrl, send_exemplars: true }],
      },
    },
    overrides: {
      defaults: {
        metrics_generator: {
          // Left empty, the generator makes nothing and says nothing.
          processors: ['service-graphs', 'span-metrics'],
          processor: {
            span_metrics: { dimensions: spanMetricDimensions, ...adjusted },
            ...(sampled && { service_graphs: adjusted }),
          },
          trace_id_label_name: exemplarTraceLabel,
          ...patience(props.sampling),
        },
        compaction: { block_retention: `${props.retention.toHours()}h` },
        ingestion: {
          // A collector that empties its queue comes with more than the default 30 MB/s.
          rate_limit_bytes: 60_000_000,
          burst_size_bytes: 90_000_000,
        },
      },
    },
    usage_report: { reporting_enabled: false },
  };
}

/** Spans that have waited for a decision still count; by default only those of the last 30 s do. */
function patience(sampling: Sampling): ConfigObject {
  if (sampling.mode !== 'tail') return {};
  return { ingestion_time_range_slack: `${30 + sampling.decisionWait.toSeconds()}s` };
}
