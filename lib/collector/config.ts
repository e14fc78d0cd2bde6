import type { Size } from 'cdk8s';
import { z } from 'zod';
import type { ConfigObject } from '../model/config-file.ts';
import { ports } from '../model/ports.ts';
import { sourceFile } from '../model/source.ts';
import { attributes } from '../telemetry/app.ts';
import type { Signal } from '../telemetry/signal.ts';
import { dropStage } from './drop.ts';
import { ottlStage, type PipelineStage } from './pipeline-stage.ts';
import { redactStage } from './redact.ts';
import { samplingStage } from './sampling.ts';
import type { CollectorSettings } from './settings.ts';

const ownSource = sourceFile(import.meta.filename);

type StageSettings = Pick<CollectorSettings, 'drop' | 'transform' | 'redact' | 'sampling'>;

export interface CollectorConfigProps extends StageSettings {
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

/** The exporter of each signal, as in the label `exporter` of the collector's internal metrics. */
export const exporterNames = {
  metrics: 'otlp_http/prometheus',
  logs: 'otlp_http/loki',
  traces: 'otlp_grpc/tempo',
} as const;

/** HTTP headers with credentials, which are deleted from all telemetry. */
const secretHeaders = [
  'http.request.header.authorization',
  'http.request.header.cookie',
  'http.request.header.proxy-authorization',
  'http.request.header.x-api-key',
  'http.response.header.set-cookie',
];

/**
 * What settings add to the pipelines. Dropping comes first, to save work; redaction after the
 * user's statements, which may add sensitive values; sampling last, because traces wait there.
 */
function pipelineStages({ drop, transform, redact, sampling }: StageSettings): PipelineStage[] {
  return [
    dropStage(drop),
    ottlStage(ownSource, 'transform/custom', 'statements', transform),
    redactStage(redact),
    samplingStage(sampling),
  ];
}

/** The source files of the configuration: this one, and those of the stages that settings add. */
export function collectorConfigSources(settings: StageSettings): string[] {
  const added = pipelineStages(settings).flatMap(({ source }) => source ?? []);
  return [...new Set([ownSource, ...added])];
}

/**
 * The collector's configuration: an OTLP receiver, one pipeline per signal, a persistent queue in
 * every exporter (https://opentelemetry.io/docs/collector/configuration/; keys as of 0.160).
 */
export function collectorConfig(props: CollectorConfigProps): ConfigObject {
  const scrapes = props.scrapeConfigs.length > 0;
  // Attributes of the app take precedence over the collector's, so deprecated names are converted
  // first.
  const processors = [
    'memory_limiter',
    'resource/normalize',
    'resource_detection',
    'attributes/redact',
  ];
  const stages = pipelineStages(props);
  const added = (signal: Signal) => stages.flatMap(({ pipelines }) => pipelines[signal] ?? []);
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
      // gateway, so its host is not the host of the app.
      resource_detection: { detectors: ['env'], override: false },
      // Tempo rejects a whole request if one span in it has no trace id.
      'filter/invalid': {
        error_mode: 'ignore',
        traces: { span: [`trace_id == TraceID(0x${'0'.repeat(32)})`] },
      },
      'attributes/redact': { actions: secretHeaders.map((key) => ({ key, action: 'delete' })) },
      ...Object.assign({}, ...stages.map((stage) => stage.processors)),
    },
    exporters: {
      [exporterNames.metrics]: {
        endpoint: props.metricsEndpoint,
        compression: 'none',
        // One consumer keeps samples in order. No batching: Prometheus rejects a whole request if
        // one sample in it is invalid, and that must not affect other senders.
        ...durableQueue(props.storage, { num_consumers: 1, minBatch: 0 }),
      },
      [exporterNames.logs]: {
        endpoint: props.logsEndpoint,
        compression: 'none',
        ...durableQueue(props.storage),
      },
      [exporterNames.traces]: {
        endpoint: props.tracesEndpoint,
        tls: { insecure: true },
        compression: 'none',
        ...durableQueue(props.storage),
      },
    },
    service: {
      extensions: ['health_check', 'file_storage'],
      pipelines: {
        metrics: {
          receivers: scrapes ? ['otlp', 'prometheus'] : ['otlp'],
          processors: [...processors, ...added('metrics')],
          exporters: [exporterNames.metrics],
        },
        logs: {
          receivers: ['otlp'],
          processors: [...processors, ...added('logs')],
          exporters: [exporterNames.logs],
        },
        traces: {
          receivers: ['otlp'],
          processors: [...processors, 'filter/invalid', ...added('traces')],
          exporters: [exporterNames.traces],
        },
      },
      telemetry: internalTelemetry(metrics.number),
    },
  };
}

/** Internal telemetry of a collector: logs as JSON, metrics for Prometheus on their own port. */
export function internalTelemetry(port: number): ConfigObject {
  // Set explicitly, so that metric names do not depend on the collector's version
  // (lib/telemetry/collector.ts).
  const names = { without_scope_info: true, without_type_suffix: true, without_units: true };
  const prometheus = { host: '0.0.0.0', port, ...names };
  return {
    logs: { encoding: 'json' },
    metrics: { readers: [{ pull: { exporter: { prometheus } } }] },
  };
}

/**
 * Exporter settings that lose nothing that was acknowledged: the queue is on disk, a full queue
 * blocks senders, and retries never end. Each of three queues may use a quarter of the volume; the
 * rest is for compaction.
 */
export function durableQueue(
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
      // Below every store's limit for one request, so that no batch is rejected for its size.
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
 * Mistakes in the pipelines, for instance in a user's extraConfig: sections that are no lists of
 * names, or names that are not declared. Empty if there are none. The collector itself would report
 * them only after the pod has started.
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
