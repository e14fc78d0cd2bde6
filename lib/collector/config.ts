import type { Size } from 'cdk8s';
import { z } from 'zod';
import type { ConfigObject } from '../model/config-file.ts';
import { ports } from '../model/topology.ts';
import { attributes } from '../telemetry/app.ts';
import { dropping } from './drop.ts';
import { ottlStage, type Signal } from './pipeline-stage.ts';
import { redacting } from './redact.ts';
import { sampling } from './sampling.ts';
import type { CollectorSettings } from './settings.ts';

export interface CollectorConfigProps
  extends Pick<CollectorSettings, 'drop' | 'transform' | 'redact' | 'sampling'> {
  /** Where metrics go, as OTLP over HTTP; the exporter appends `/v1/metrics`. */
  readonly metricsEndpoint: string;
  /** Where logs go, as OTLP over HTTP; the exporter appends `/v1/logs`. */
  readonly logsEndpoint: string;
  /** Where traces go, as host:port of OTLP over gRPC. */
  readonly tracesEndpoint: string;
  /** Mounted directory for the queues. */
  readonly dataDir: string;
  readonly storage: Size;
  readonly scrapeConfigs: readonly ConfigObject[];
}

const { otlpGrpc, otlpHttp, metrics, health } = ports['otel-collector'];

/** The exporter of each signal, as the collector's own counters name it. */
export const exporters = {
  metrics: 'otlp_http/prometheus',
  logs: 'otlp_http/loki',
  traces: 'otlp_grpc/tempo',
} as const;

/** Header values that must not be stored, whichever SDK was told to record headers. */
const secretHeaders = [
  'http.request.header.authorization',
  'http.request.header.cookie',
  'http.request.header.proxy-authorization',
  'http.request.header.x-api-key',
  'http.response.header.set-cookie',
];

/**
 * The collector's configuration: OTLP in, one pipeline a signal, every exporter behind a queue on
 * disk (https://opentelemetry.io/docs/collector/configuration/; keys as of 0.160).
 */
export function collectorConfig(props: CollectorConfigProps): ConfigObject {
  const scrapes = props.scrapeConfigs.length > 0;
  // Attributes that an app brings win over what the collector adds, so old spellings come first.
  const processors = [
    'memory_limiter',
    'resource/normalize',
    'resource_detection',
    'attributes/redact',
  ];
  // Dropped first, for the least work; redacted after what a user changes, which may bring in what
  // has to go; sampled last, as traces are then complete and wait there.
  const stages = [
    dropping(props.drop),
    ottlStage('transform/custom', 'statements', props.transform),
    redacting(props.redact),
    sampling(props.sampling),
  ];
  const added = (signal: Signal) => stages.flatMap(({ order }) => order[signal] ?? []);
  return {
    extensions: {
      health_check: { endpoint: `0.0.0.0:${health.number}` },
      file_storage: {
        directory: `${props.dataDir}/queue`,
        create_directory: true,
        compaction: {
          directory: `${props.dataDir}/compaction`,
          on_start: true,
          on_rebound: true,
          cleanup_on_start: true,
        },
      },
    },
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: `0.0.0.0:${otlpGrpc.number}`, max_recv_msg_size_mib: 16 },
          http: { endpoint: `0.0.0.0:${otlpHttp.number}` },
        },
      },
      ...(scrapes && { prometheus: { config: { scrape_configs: props.scrapeConfigs } } }),
    },
    processors: {
      memory_limiter: { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 20 },
      'resource/normalize': {
        attributes: [
          {
            key: attributes.deploymentEnvironmentName,
            from_attribute: 'deployment.environment',
            action: 'insert',
          },
        ],
      },
      // Reads the collector's own OTEL_RESOURCE_ATTRIBUTES. Not `system`: this collector is a
      // gateway, and its host is not the host of the app.
      resource_detection: { detectors: ['env'], override: false },
      // Tempo stores nothing of a request with one span that belongs to no trace.
      'filter/invalid': {
        error_mode: 'ignore',
        traces: { span: [`trace_id == TraceID(0x${'0'.repeat(32)})`] },
      },
      'attributes/redact': { actions: secretHeaders.map((key) => ({ key, action: 'delete' })) },
      ...Object.assign({}, ...stages.map((stage) => stage.processors)),
    },
    exporters: {
      [exporters.metrics]: {
        endpoint: props.metricsEndpoint,
        compression: 'none',
        // One at a time keeps samples in order. Each as it came: Prometheus stores nothing of a
        // request with one bad sample, and that must not be everybody's.
        ...durable(props.storage, { num_consumers: 1, minBatch: 0 }),
      },
      [exporters.logs]: {
        endpoint: props.logsEndpoint,
        compression: 'none',
        ...durable(props.storage),
      },
      [exporters.traces]: {
        endpoint: props.tracesEndpoint,
        tls: { insecure: true },
        compression: 'none',
        ...durable(props.storage),
      },
    },
    service: {
      extensions: ['health_check', 'file_storage'],
      pipelines: {
        metrics: {
          receivers: scrapes ? ['otlp', 'prometheus'] : ['otlp'],
          processors: [...processors, ...added('metrics')],
          exporters: [exporters.metrics],
        },
        logs: {
          receivers: ['otlp'],
          processors: [...processors, ...added('logs')],
          exporters: [exporters.logs],
        },
        traces: {
          receivers: ['otlp'],
          processors: [...processors, 'filter/invalid', ...added('traces')],
          exporters: [exporters.traces],
        },
      },
      telemetry: selfTelemetry(metrics.number),
    },
  };
}

/** What a collector says of itself: JSON lines, and metrics on a port of its own. */
export function selfTelemetry(port: number): ConfigObject {
  // Said explicitly, names are the same on every version (lib/telemetry/app.ts).
  const names = { without_scope_info: true, without_type_suffix: true, without_units: true };
  const prometheus = { host: '0.0.0.0', port, ...names };
  return {
    logs: { encoding: 'json' },
    metrics: { readers: [{ pull: { exporter: { prometheus } } }] },
  };
}

/**
 * Nothing acknowledged is lost: the queue is on disk, a full queue makes senders wait, and retries
 * never end. Three queues take a quarter of the volume each; the rest is for compaction.
 */
export function durable(
  storage: Size,
  { num_consumers, minBatch = 1_000_000 }: { num_consumers?: number; minBatch?: number } = {},
) {
  return {
    sending_queue: {
      storage: 'file_storage',
      sizer: 'bytes',
      queue_size: Math.floor((storage.toMebibytes() * 1024 * 1024) / 4),
      block_on_overflow: true,
      num_consumers,
      // Below every store's limit for one request, so that no batch can be refused for its size.
      batch: { flush_timeout: '200ms', sizer: 'bytes', min_size: minBatch, max_size: 3_000_000 },
    },
    retry_on_failure: { initial_interval: '1s', max_interval: '30s', max_elapsed_time: 0 },
  };
}

const names = z.array(z.string());
const shape = z.object({
  service: z.object({
    extensions: names.optional(),
    pipelines: z.record(
      z.string(),
      z.object({ receivers: names, processors: names.optional(), exporters: names }),
    ),
  }),
});

/**
 * What is wrong with the pipelines, for instance after a user's extraConfig: parts that are no
 * lists of names, or names that nobody declares. Empty when they are sound. The collector itself
 * would only say so after the pod has started.
 */
export function pipelineMistakes(config: ConfigObject): string[] {
  const result = shape.safeParse(config);
  if (!result.success) {
    return result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  }
  const { extensions = [], pipelines } = result.data.service;
  const declared = (section: string) => Object.keys((config[section] ?? {}) as ConfigObject);
  const missing = (where: string, section: string, used: readonly string[]) => {
    const known = [
      ...declared(section),
      ...(section === 'receivers' || section === 'exporters' ? declared('connectors') : []),
    ];
    return used
      .filter((name) => !known.includes(name))
      .map((name) => `${where}: ${name} is not declared`);
  };
  return [
    ...missing('service.extensions', 'extensions', extensions),
    ...Object.entries(pipelines).flatMap(([pipeline, parts]) =>
      Object.entries(parts).flatMap(([section, used = []]) =>
        missing(`service.pipelines.${pipeline}.${section}`, section, used),
      ),
    ),
  ];
}
