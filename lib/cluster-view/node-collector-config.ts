import type { Size } from 'cdk8s';
import { internalTelemetry } from '../collector/config.ts';
import { fromResource } from '../collector/kubernetes-metadata.ts';
import type { ConfigObject } from '../model/config-file.ts';
import { annotationKeys } from '../model/labels.ts';
import { ports } from '../model/ports.ts';
import { sourceFile } from '../model/source.ts';
import { attributes, workloadAttributes } from '../telemetry/app.ts';
import { nodeHostMetrics } from '../telemetry/cluster.ts';
import {
  gatewayExporter,
  gatewayExporterConfig,
  memoryLimiter,
  queueStorage,
} from './gateway-exporter.ts';
import { type MultilineSettings, multilineOperators, multilineSource } from './multiline.ts';

export const nodeCollectorConfigSources = [sourceFile(import.meta.filename), multilineSource];

export interface NodeCollectorConfigProps {
  /** The gateway, as host:port of OTLP over gRPC. */
  readonly gateway: string;
  /** Directory of the node for the queue and the checkpoints of log files. */
  readonly dataDir: string;
  readonly storage: Size;
  /** Namespaces whose container logs are collected. */
  readonly namespaces: 'all' | readonly string[];
  /** Namespaces whose container logs are not collected. */
  readonly excludeNamespaces: readonly string[];
  /** Containers whose records may have several lines. */
  readonly multiline: MultilineSettings;
}

/**
 * The kubelet's directory of container logs: `<namespace>_<pod>_<uid>/<container>/<restarts>.log`.
 */
export const podLogs = '/var/log/pods';

/** Environment variables with name and address of the node. */
export const nodeVariables = { name: 'K8S_NODE_NAME', address: 'K8S_NODE_IP' } as const;

const { metrics, health } = ports['node-collector'];

/**
 * The attribute with the value of the annotation `mantis.dev/logs`, from k8s_attributes to the
 * filter.
 */
const logsAnnotationAttribute = 'mantis.logs';

/**
 * The configuration of the collector on each node: container logs and node metrics
 * (https://opentelemetry.io/docs/platforms/kubernetes/collector/components/; keys as of 0.165).
 */
export function nodeCollectorConfig(props: NodeCollectorConfigProps): ConfigObject {
  const { dataDir } = props;
  return {
    extensions: {
      health_check: { endpoint: `:${health.number}` },
      file_storage: queueStorage(dataDir),
      'file_storage/checkpoints': {
        directory: `${dataDir}/checkpoints`,
        create_directory: true,
        recreate: true,
      },
    },
    receivers: {
      'file_log/pods': {
        include: includedFiles(props),
        exclude: [
          // Compressed files were read before they were compressed.
          `${podLogs}/*/*/*.gz`,
          `${podLogs}/*/*/*.tmp`,
          ...props.excludeNamespaces.map((namespace) => `${podLogs}/${namespace}_*/*/*`),
        ],
        // Reads new files from their first line; checkpoints prevent reading a line twice.
        start_at: 'beginning',
        storage: 'file_storage/checkpoints',
        // Retries a line that the pipeline refuses instead of dropping it.
        retry_on_failure: { enabled: true, max_elapsed_time: '0s' },
        include_file_name: false,
        include_file_path: true,
        operators: [{ type: 'container' }, ...multilineOperators(props.multiline)],
      },
      host_metrics: {
        collection_interval: '15s',
        scrapers: {
          cpu: {},
          load: {},
          memory: {
            metrics: {
              'system.memory.usage': off,
              [nodeHostMetrics.memoryAvailable.name]: on,
              [nodeHostMetrics.memoryLimit.name]: on,
            },
          },
          disk: {
            exclude: { match_type: 'regexp', devices: ['^(loop|ram|zram|dm-|nbd).*$'] },
            metrics: {
              'system.disk.io_time': off,
              'system.disk.merged': off,
              'system.disk.operation_time': off,
              'system.disk.operations': off,
              'system.disk.pending_operations': off,
              'system.disk.weighted_io_time': off,
            },
          },
        },
      },
      // Only metrics that Prometheus does not scrape from the kubelet. The file system scraper of
      // host_metrics would need the root file system of the node, with all Secrets of its pods.
      kubeletstats: {
        auth_type: 'serviceAccount',
        collection_interval: '30s',
        endpoint: `https://\${env:${nodeVariables.address}}:10250`,
        // In most clusters the kubelet's serving certificate is self-signed.
        insecure_skip_verify: true,
        metric_groups: ['node'],
        metrics: Object.fromEntries(kubeletMetricsOff.map((name) => [name, off])),
      },
    },
    processors: {
      memory_limiter: memoryLimiter,
      k8s_attributes: {
        auth_type: 'serviceAccount',
        // Each collector watches only the pods of its node.
        filter: { node_from_env_var: nodeVariables.name },
        extract: {
          otel_annotations: true,
          metadata: [attributes.serviceName, ...workloadAttributes],
          annotations: [
            { tag_name: logsAnnotationAttribute, key: annotationKeys.logs, from: 'pod' },
          ],
        },
        pod_association: [
          { sources: [fromResource(attributes.k8sPodUid)] },
          // Static pods have another uid in the log path than in the API.
          {
            sources: [
              fromResource(attributes.k8sNamespaceName),
              fromResource(attributes.k8sPodName),
            ],
          },
        ],
        // Otherwise the first lines after a start would lack the attributes of their pod.
        wait_for_metadata: true,
        wait_for_metadata_timeout: '60s',
      },
      'filter/sent-by-otlp': {
        error_mode: 'ignore',
        logs: { log_record: [`resource.attributes["${logsAnnotationAttribute}"] == "otlp"`] },
      },
      'resource/node': {
        attributes: [
          {
            key: attributes.k8sNodeName,
            value: `\${env:${nodeVariables.name}}`,
            action: 'upsert',
          },
          { key: logsAnnotationAttribute, action: 'delete' },
        ],
      },
      'transform/lines': {
        error_mode: 'ignore',
        log_statements: [...defaultServiceName, ...traceInJson, ...dropFileAttributes],
      },
      // Summed over processors, to save hundreds of series on a large node.
      'transform/cpu': {
        error_mode: 'ignore',
        metric_statements: [
          `aggregate_on_attributes("sum", ["state"]) where metric.name == "${nodeHostMetrics.cpuTime.name}"`,
        ],
      },
    },
    exporters: gatewayExporterConfig(props.gateway, props.storage),
    service: {
      extensions: ['health_check', 'file_storage', 'file_storage/checkpoints'],
      pipelines: {
        logs: {
          receivers: ['file_log/pods'],
          processors: [
            'memory_limiter',
            'k8s_attributes',
            'filter/sent-by-otlp',
            'resource/node',
            'transform/lines',
          ],
          exporters: [gatewayExporter],
        },
        metrics: {
          receivers: ['host_metrics', 'kubeletstats'],
          processors: ['memory_limiter', 'resource/node', 'transform/cpu'],
          exporters: [gatewayExporter],
        },
      },
      telemetry: internalTelemetry(metrics.number),
    },
  };
}

const on = { enabled: true };
const off = { enabled: false };

const kubeletMetricsOff = [
  'k8s.node.cpu.time',
  'k8s.node.cpu.usage',
  'k8s.node.filesystem.usage',
  'k8s.node.memory.available',
  'k8s.node.memory.major_page_faults',
  'k8s.node.memory.page_faults',
  'k8s.node.memory.rss',
  'k8s.node.memory.usage',
  'k8s.node.memory.working_set',
  'k8s.node.network.errors',
  'k8s.node.network.io',
];

/**
 * Includes rotated files, which may have unread lines; a file is identified by its beginning, not
 * by its name.
 */
function includedFiles({ namespaces }: NodeCollectorConfigProps): string[] {
  const chosen = namespaces === 'all' ? ['*'] : namespaces.map((name) => `${name}_*`);
  return chosen.flatMap((pods) => [`${podLogs}/${pods}/*/*.log`, `${podLogs}/${pods}/*/*.log.*`]);
}

/**
 * service.name of pods without metadata from the API, such as static pods: the name of the
 * container.
 */
const defaultServiceName = [
  `set(resource.attributes["${attributes.serviceName}"], resource.attributes["${attributes.k8sContainerName}"]) where resource.attributes["${attributes.serviceName}"] == nil`,
];

/** Trace and span ids from the usual fields of JSON lines, so that lines link to their trace. */
const traceInJson = [
  `set(log.cache["json"], ParseJSON(log.body)) where IsString(log.body) and IsMatch(log.body, "^\\\\s*\\\\{")`,
  ...['trace_id', 'traceId', 'traceid', 'traceID'].map((key) => setId('trace', key, 32)),
  ...['span_id', 'spanId', 'spanid', 'spanID'].map((key) => setId('span', key, 16)),
];

function setId(kind: 'trace' | 'span', key: string, digits: number): string {
  const value = `log.cache["json"]["${key}"]`;
  return `set(log.${kind}_id.string, ${value}) where IsMap(log.cache["json"]) and IsString(${value}) and IsMatch(${value}, "^[0-9a-f]{${digits}}$")`;
}

/** Deletes attributes that only describe the log file. */
const dropFileAttributes = ['log.file.path', 'logtag'].map(
  (key) => `delete_key(log.attributes, "${key}")`,
);
