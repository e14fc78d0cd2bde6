import { Size } from 'cdk8s';
import { internalTelemetry } from '../collector/config.ts';
import type { ConfigObject } from '../model/config-file.ts';
import { ports } from '../model/ports.ts';
import { sourceFile } from '../model/source.ts';
import { attributes } from '../telemetry/app.ts';
import { eventAttributes, eventService } from '../telemetry/logs.ts';
import {
  gatewayExporter,
  gatewayExporterConfig,
  memoryLimiter,
  queueStorage,
} from './gateway-exporter.ts';

export const eventCollectorConfigSource = sourceFile(import.meta.filename);

export interface EventCollectorConfigProps {
  /** The gateway, as host:port of OTLP over gRPC. */
  readonly gateway: string;
  /** Mounted directory for the queue. */
  readonly dataDir: string;
}

const { metrics, health } = ports['event-collector'];
const resource = (key: string) => `resource.attributes["${key}"]`;
const log = (key: string) => `log.attributes["${key}"]`;
const { kind, name, reason } = eventAttributes;

/**
 * The configuration of the collector of Kubernetes events. A second replica would store each event
 * twice (https://opentelemetry.io/docs/platforms/kubernetes/collector/components/; keys as of
 * 0.165).
 */
export function eventCollectorConfig({
  gateway,
  dataDir,
}: EventCollectorConfigProps): ConfigObject {
  return {
    extensions: {
      health_check: { endpoint: `:${health.number}` },
      file_storage: queueStorage(dataDir),
    },
    receivers: { k8s_events: { auth_type: 'serviceAccount' } },
    processors: {
      memory_limiter: memoryLimiter,
      'transform/events': { error_mode: 'ignore', log_statements: statements },
    },
    exporters: gatewayExporterConfig(gateway, Size.mebibytes(64)),
    service: {
      extensions: ['health_check', 'file_storage'],
      pipelines: {
        logs: {
          receivers: ['k8s_events'],
          processors: ['memory_limiter', 'transform/events'],
          exporters: [gatewayExporter],
        },
      },
      telemetry: internalTelemetry(metrics.number),
    },
  };
}

const statements = [
  `set(${resource(attributes.serviceName)}, "${eventService}")`,
  // Loki creates index labels from resource attributes only.
  `set(${resource(attributes.k8sNamespaceName)}, ${log(attributes.k8sNamespaceName)}) where ${log(attributes.k8sNamespaceName)} != nil and ${log(attributes.k8sNamespaceName)} != ""`,
  `delete_key(log.attributes, "${attributes.k8sNamespaceName}")`,
  `set(${resource(attributes.k8sPodName)}, ${resource(name)}) where ${resource(kind)} == "Pod"`,
  `delete_key(resource.attributes, "${attributes.k8sNodeName}") where ${resource(attributes.k8sNodeName)} == ""`,
  ...['k8s.object.resource_version', 'k8s.object.fieldpath', 'k8s.object.api_version'].map(
    (key) => `delete_key(resource.attributes, "${key}")`,
  ),
  // The message alone does not identify the object.
  `set(log.body, Concat([${resource(kind)}, "/", ${resource(name)}, " ", ${log(reason)}, ": ", log.body], ""))`,
];
