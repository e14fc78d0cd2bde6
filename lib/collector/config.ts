import type { Size } from 'cdk8s';
import { z } from 'zod';
import type { ConfigObject } from '../model/config-file.ts';
import { ports } from '../model/ports.ts';
import { sourceFile } from '../model/source.ts';
import { SettingsError } from '../settings/error.ts';
import { attributes } from '../telemetry/app.ts';
import { exporterNames } from '../telemetry/collector.ts';
import { maxRequestMebibytes, scrapeLimits } from '../telemetry/limits.ts';
import type { Signal } from '../telemetry/signal.ts';
import { type Cloud, cloudSource, resourceDetection } from './cloud.ts';
import { dropStage } from './drop.ts';
import { forwardConfig, forwardQueueBytes, forwardSource } from './exporters/forward.ts';
import { byBytes, bySpans, durableQueue, queueBytes, queueSource } from './exporters/queue.ts';
import { externalConfig, externalSource } from './external-access.ts';
import { metadataStage } from './kubernetes-metadata.ts';
import { ottlStage, type PipelineStage } from './pipeline-stage.ts';
import { queueCheckReceiver, queueCheckReport, queueDirectory } from './queue-check/queue-check.ts';
import { redactStage } from './redact.ts';
import { samplingStage } from './sampling.ts';
import { invalidStage, sanitizeStage } from './sanitize.ts';
import type { CollectorSettings } from './settings.ts';
import { severityStage } from './severity.ts';

const ownSource = sourceFile(import.meta.filename);

interface StageSettings
  extends Pick<
    CollectorSettings,
    'kubernetesMetadata' | 'drop' | 'transform' | 'redact' | 'sampling'
  > {
  /** `k8s.cluster.name` of this cluster. */
  readonly clusterName: string;
  /** @default - none */
  readonly externalAccess?: CollectorSettings['externalAccess'];
}

export interface CollectorConfigProps extends StageSettings {
  /** Where metrics go, as OTLP over HTTP; the exporter appends `/v1/metrics`. */
  readonly metricsEndpoint: string;
  /** Where logs go, as OTLP over HTTP; the exporter appends `/v1/logs`. */
  readonly logsEndpoint: string;
  /** Where traces go, as host:port of OTLP over gRPC. */
  readonly tracesEndpoint: string;
  readonly cloud?: Cloud;
  /** Mounted directory for the queues. */
  readonly dataDir: string;
  readonly storage: Size;
  /** Further destinations. @default - none */
  readonly forward?: CollectorSettings['forward'];
  readonly scrapeConfigs: readonly ConfigObject[];
}

const { otlpGrpc, otlpHttp, metrics, health } = ports['otel-collector'];

/** HTTP headers with credentials, which are deleted from all telemetry. */
const secretHeaders = [
  'http.request.header.authorization',
  'http.request.header.cookie',
  'http.request.header.proxy-authorization',
  'http.request.header.x-api-key',
  'http.response.header.set-cookie',
];

/**
 * Prometheus stores cumulative sums and histograms only. The state of a series is kept for an hour,
 * which is longer than any usual export interval, and that of at most 50,000 series.
 */
const deltaStage: PipelineStage = {
  source: ownSource,
  processors: { delta_to_cumulative: { max_stale: '1h', max_streams: 50_000 } },
  pipelines: { metrics: ['delta_to_cumulative'] },
};

/**
 * What the pipelines do to items between the receiver and the exporters, in this order. Items are
 * sanitized before the user's settings are applied to them. Dropping comes first of those, to save
 * work; redaction after the user's statements, which may add sensitive values; sampling last,
 * because traces wait there.
 */
function pipelineStages({
  drop,
  transform,
  redact,
  sampling,
  externalAccess,
}: StageSettings): PipelineStage[] {
  return [
    severityStage,
    sanitizeStage(externalAccess === undefined ? [] : [externalAccess.senderAttribute]),
    dropStage(drop),
    ottlStage(ownSource, 'transform/custom', 'statements', transform),
    redactStage(redact),
    samplingStage(sampling),
    invalidStage,
    deltaStage,
  ];
}

/** What the pipelines do first, while the address of the sender is known. */
const originStage = ({ kubernetesMetadata, clusterName }: StageSettings) =>
  metadataStage(kubernetesMetadata, clusterName);

/** The source files of the configuration: this one, and those of the stages that settings add. */
export function collectorConfigSources(
  settings: StageSettings & Pick<CollectorConfigProps, 'forward'>,
): string[] {
  const stages = [originStage(settings), ...pipelineStages(settings)];
  const added = stages.flatMap(({ source }) => source ?? []);
  const { forward = [], externalAccess } = settings;
  const further = [
    ...(forward.length > 0 ? [forwardSource] : []),
    ...(externalAccess === undefined ? [] : [externalSource]),
  ];
  return [...new Set([ownSource, cloudSource, queueSource, ...added, ...further])];
}

/**
 * The collector's configuration: an OTLP receiver, one pipeline per signal, a persistent queue in
 * every exporter (https://opentelemetry.io/docs/collector/configuration/; keys as of 0.165).
 */
export function collectorConfig(props: CollectorConfigProps): ConfigObject {
  const scrapes = props.scrapeConfigs.length > 0;
  // Attributes of the app take precedence over the collector's, so deprecated names are converted
  // first.
  const resourceProcessors = ['resource/normalize', 'resource_detection', 'attributes/redact'];
  const origin = originStage(props);
  const stages = pipelineStages(props);
  const { forward = [] } = props;
  const further = forwardConfig(forward);
  const external = externalConfig(props.externalAccess, props.kubernetesMetadata.enabled);
  const connectors = { ...external.connectors, ...further.connectors };
  // Each of three queues may use a quarter of the volume; the rest is for compaction.
  const ownQueue = Math.floor((queueBytes(props.storage) - forwardQueueBytes(forward)) / 4);
  const receivers = ['otlp', ...external.pipelineReceivers];
  const processors = (signal: Signal) => [
    'memory_limiter',
    ...(origin.pipelines[signal] ?? []),
    ...resourceProcessors,
    ...stages.flatMap(({ pipelines }) => pipelines[signal] ?? []),
  ];
  return {
    extensions: {
      health_check: { endpoint: `:${health.number}` },
      file_storage: {
        directory: queueDirectory(props.dataDir),
        create_directory: true,
        // Renames files with damage that queue-check/ does not look for, such as keys out of order.
        recreate: true,
        compaction: {
          directory: `${props.dataDir}/compaction`,
          on_start: true,
          on_rebound: true,
          cleanup_on_start: true,
        },
      },
      ...external.extensions,
    },
    receivers: {
      otlp: {
        protocols: {
          grpc: {
            endpoint: `:${otlpGrpc.number}`,
            max_recv_msg_size_mib: maxRequestMebibytes,
          },
          http: {
            endpoint: `:${otlpHttp.number}`,
            max_request_body_size: maxRequestMebibytes * 1024 * 1024,
          },
        },
      },
      ...external.receivers,
      // What queue-check/ found, for the alert CollectorQueueDamaged.
      [queueCheckReceiver]: {
        include: [queueCheckReport(props.dataDir)],
        start_at: 'beginning',
        poll_interval: '5s',
        // So that a restart does not report it again.
        storage: 'file_storage',
        resource: { [attributes.serviceName]: 'otel-collector' },
      },
      ...(scrapes && {
        prometheus: {
          config: {
            // For jobs that do not set their own.
            global: {
              sample_limit: scrapeLimits.samples,
              body_size_limit: `${scrapeLimits.body}B`,
            },
            scrape_configs: props.scrapeConfigs,
          },
        },
      }),
    },
    processors: {
      memory_limiter: { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 20 },
      ...external.processors,
      ...origin.processors,
      'resource/normalize': {
        attributes: [
          {
            key: attributes.deploymentEnvironmentName,
            from_attribute: 'deployment.environment',
            action: 'insert',
          },
        ],
      },
      resource_detection: resourceDetection(props.cloud),
      'attributes/redact': { actions: secretHeaders.map((key) => ({ key, action: 'delete' })) },
      ...Object.assign({}, ...stages.map((stage) => stage.processors)),
      ...further.processors,
    },
    ...(Object.keys(connectors).length > 0 && { connectors }),
    exporters: {
      [exporterNames.metrics]: {
        endpoint: props.metricsEndpoint,
        compression: 'none',
        // One consumer keeps samples in order. No batching: Prometheus rejects a whole request if
        // one sample in it is invalid, and that must not affect other senders.
        ...durableQueue(ownQueue, { num_consumers: 1, batch: { ...byBytes, min_size: 0 } }),
      },
      [exporterNames.logs]: {
        endpoint: props.logsEndpoint,
        compression: 'none',
        ...durableQueue(ownQueue),
      },
      [exporterNames.traces]: {
        endpoint: props.tracesEndpoint,
        tls: { insecure: true },
        compression: 'none',
        ...durableQueue(ownQueue, { batch: bySpans }),
      },
      ...further.exporters,
    },
    service: {
      extensions: ['health_check', 'file_storage', ...Object.keys(external.extensions)],
      pipelines: {
        metrics: {
          receivers: [...receivers, ...(scrapes ? ['prometheus'] : [])],
          processors: processors('metrics'),
          exporters: [exporterNames.metrics, ...further.exportersOf('metrics')],
        },
        logs: {
          receivers: [...receivers, queueCheckReceiver],
          processors: processors('logs'),
          exporters: [exporterNames.logs, ...further.exportersOf('logs')],
        },
        traces: {
          receivers,
          processors: processors('traces'),
          exporters: [exporterNames.traces, ...further.exportersOf('traces')],
        },
        ...external.pipelines,
        ...further.pipelines,
      },
      telemetry: internalTelemetry(metrics.number),
    },
  };
}

/** Internal telemetry of a collector: logs as JSON, metrics for Prometheus on their own port. */
export function internalTelemetry(port: number): ConfigObject {
  // Set explicitly, so that metric names do not depend on the collector's version
  // (lib/telemetry/collector.ts).
  const names = { without_scope_info: true, without_type_suffix: false, without_units: false };
  // Every address, of IPv4 and of IPv6.
  const prometheus = { host: '', port, ...names };
  return {
    logs: { encoding: 'json' },
    metrics: { readers: [{ pull: { exporter: { prometheus } } }] },
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

/** @throws SettingsError for mistakes in the pipelines, which the setting is responsible for */
export function requirePipelines(config: ConfigObject, setting: string): void {
  const mistakes = pipelineMistakes(config);
  if (mistakes.length === 0) return;
  throw new SettingsError(mistakes.map((mistake) => `${setting}: ${mistake}`).join('\n'));
}

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
