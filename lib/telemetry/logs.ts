import { attributes } from './app.ts';
import { label } from './metric.ts';

/** Fields that Loki adds to each OTLP log record as structured metadata. */
export const logFields = {
  traceId: 'trace_id',
  spanId: 'span_id',
  detectedLevel: 'detected_level',
} as const;

/**
 * The level of a log record by its severity number, which the collector sets as an attribute of the
 * resource. Loki detects the level of other records from their text.
 */
export const severityAttribute = 'log.severity';

/** The values of `detected_level` that mean an error, as a regular expression. */
export const errorLevels = 'error|critical|fatal';

/** LogQL matcher: streams that may have errors, also those without the label. */
export const mayHaveErrors = `${label(severityAttribute)}!~"trace|debug|info|warn"`;

/** Resource attributes that become index labels of Loki, because they have few values. */
export const logIndexLabels = [
  attributes.serviceName,
  attributes.serviceNamespace,
  attributes.deploymentEnvironmentName,
  attributes.k8sClusterName,
  attributes.k8sNamespaceName,
  severityAttribute,
] as const;

/** The limit of Loki's active streams, above which it rejects new ones. */
export const maxLogStreams = 20_000;

/** Attributes that the collector's k8s_events receiver sets on events. */
export const eventAttributes = {
  kind: 'k8s.object.kind',
  name: 'k8s.object.name',
  reason: 'k8s.event.reason',
  count: 'k8s.event.count',
} as const;

/** The service.name of Kubernetes events. */
export const eventService = 'kubernetes-events';
