import type { Size } from 'cdk8s';
import { selfTelemetry } from '../collector/config.ts';
import type { ConfigObject } from '../model/config-file.ts';
import { annotationKeys } from '../model/labels.ts';
import { viewPorts } from '../model/topology.ts';
import { attributes } from '../telemetry/app.ts';
import { nodeHostMetrics } from '../telemetry/cluster.ts';
import { gatewayExporter, queueIn, toGateway, viewMemoryLimiter } from './gateway-exporter.ts';

export interface NodeCollectorConfigProps {
  /** The gateway, as host:port of OTLP over gRPC. */
  readonly gateway: string;
  /** Directory of the node for queues and for how far each file has been read. */
  readonly dataDir: string;
  readonly storage: Size;
  /** Whose pods are read. */
  readonly namespaces: 'all' | readonly string[];
  /** Whose pods are not. */
  readonly skip: readonly string[];
}

/** Where the kubelet keeps what pods print: `<namespace>_<pod>_<uid>/<container>/<restarts>.log`. */
export const podLogs = '/var/log/pods';

/** The variables that the pod has of its node. */
export const nodeVariables = { name: 'K8S_NODE_NAME', address: 'K8S_NODE_IP' } as const;

const { metrics, health } = viewPorts['node-collector'];

/** The attribute that holds what a pod's annotation says of its logs, between two processors. */
const logsBy = 'mantis.logs';

/**
 * One collector a node: what pods print, and what the node has left
 * (https://opentelemetry.io/docs/platforms/kubernetes/collector/components/; keys as of 0.160).
 */
export function nodeCollectorConfig(props: NodeCollectorConfigProps): ConfigObject {
  const { dataDir } = props;
  return {
    extensions: {
      health_check: { endpoint: `0.0.0.0:${health.number}` },
      file_storage: queueIn(dataDir),
      'file_storage/checkpoints': { directory: `${dataDir}/checkpoints`, create_directory: true },
    },
    receivers: {
      'file_log/pods': {
        include: includedFiles(props),
        exclude: [
          // Older files are compressed and have been read before.
          `${podLogs}/*/*/*.gz`,
          `${podLogs}/*/*/*.tmp`,
          ...props.skip.map((namespace) => `${podLogs}/${namespace}_*/*/*`),
        ],
        // A new pod's first line counts as much as its last; what was read before is remembered.
        start_at: 'beginning',
        storage: 'file_storage/checkpoints',
        // A line that nobody takes is read again later rather than dropped.
        retry_on_failure: { enabled: true, max_elapsed_time: '0s' },
        include_file_name: false,
        include_file_path: true,
        operators: [{ type: 'container' }],
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
      // Only what Prometheus does not scrape of the kubelet anyway. Measuring the file system here
      // would need the node's whole tree, and with it all Secrets of its pods.
      kubeletstats: {
        auth_type: 'serviceAccount',
        collection_interval: '30s',
        endpoint: `https://\${env:${nodeVariables.address}}:10250`,
        // Most clusters let a kubelet sign its own certificate.
        insecure_skip_verify: true,
        metric_groups: ['node'],
        metrics: Object.fromEntries(kubeletMetricsOff.map((name) => [name, off])),
      },
    },
    processors: {
      memory_limiter: viewMemoryLimiter,
      k8s_attributes: {
        auth_type: 'serviceAccount',
        // Each collector knows the pods of its own node alone.
        filter: { node_from_env_var: nodeVariables.name },
        extract: {
          otel_annotations: true,
          metadata: [
            attributes.serviceName,
            attributes.k8sDeploymentName,
            attributes.k8sStatefulSetName,
            attributes.k8sDaemonSetName,
            attributes.k8sJobName,
            attributes.k8sCronJobName,
          ],
          annotations: [{ tag_name: logsBy, key: annotationKeys.logs, from: 'pod' }],
        },
        pod_association: [
          { sources: [fromResource(attributes.k8sPodUid)] },
          // Pods of a node's own manifests have another uid on disk than in the API.
          {
            sources: [
              fromResource(attributes.k8sNamespaceName),
              fromResource(attributes.k8sPodName),
            ],
          },
        ],
        // Otherwise the first lines after a start would not know whose they are.
        wait_for_metadata: true,
        wait_for_metadata_timeout: '60s',
      },
      'filter/sent-by-otlp': {
        error_mode: 'ignore',
        logs: { log_record: [`resource.attributes["${logsBy}"] == "otlp"`] },
      },
      'resource/node': {
        attributes: [
          {
            key: attributes.k8sNodeName,
            value: `\${env:${nodeVariables.name}}`,
            action: 'upsert',
          },
          { key: logsBy, action: 'delete' },
        ],
      },
      'transform/lines': {
        error_mode: 'ignore',
        log_statements: [...namedAfterContainer, ...traceInJson, ...withoutParts],
      },
      // Per processor it would be hundreds of series on a large node.
      'transform/cpu': {
        error_mode: 'ignore',
        metric_statements: [
          `aggregate_on_attributes("sum", ["state"]) where metric.name == "${nodeHostMetrics.cpuTime.name}"`,
        ],
      },
    },
    exporters: toGateway(props.gateway, props.storage),
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
      telemetry: selfTelemetry(metrics.number),
    },
  };
}

const fromResource = (name: string) => ({ from: 'resource_attribute', name });

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

/** With what was rotated while nobody read: a file is known by its beginning, not by its name. */
function includedFiles({ namespaces }: NodeCollectorConfigProps): string[] {
  const chosen = namespaces === 'all' ? ['*'] : namespaces.map((name) => `${name}_*`);
  return chosen.flatMap((pods) => [`${podLogs}/${pods}/*/*.log`, `${podLogs}/${pods}/*/*.log.*`]);
}

/** Pods that the API server does not know, such as those of a node's own manifests. */
const namedAfterContainer = [
  `set(resource.attributes["${attributes.serviceName}"], resource.attributes["${attributes.k8sContainerName}"]) where resource.attributes["${attributes.serviceName}"] == nil`,
];

/** The usual spellings of a trace id in a line of JSON, so that the line leads to its trace. */
const traceInJson = [
  `set(log.cache["json"], ParseJSON(log.body)) where IsString(log.body) and IsMatch(log.body, "^\\\\s*\\\\{")`,
  ...['trace_id', 'traceId', 'traceid', 'traceID'].map((key) => idIn('trace', key, 32)),
  ...['span_id', 'spanId', 'spanid', 'spanID'].map((key) => idIn('span', key, 16)),
];

function idIn(kind: 'trace' | 'span', key: string, digits: number): string {
  const value = `log.cache["json"]["${key}"]`;
  return `set(log.${kind}_id.string, ${value}) where IsMap(log.cache["json"]) and IsString(${value}) and IsMatch(${value}, "^[0-9a-f]{${digits}}$")`;
}

/** What only says in which file a line was. */
const withoutParts = ['log.file.path', 'logtag'].map(
  (key) => `delete_key(log.attributes, "${key}")`,
);
