/** Fields that Loki adds to each OTLP log record as structured metadata. */
export const logFields = {
  traceId: 'trace_id',
  spanId: 'span_id',
  detectedLevel: 'detected_level',
} as const;

/** What a Kubernetes event is about, as the collector's receiver names it. */
export const eventAttributes = {
  kind: 'k8s.object.kind',
  name: 'k8s.object.name',
  reason: 'k8s.event.reason',
  count: 'k8s.event.count',
} as const;

/** The service.name under which events of the cluster are stored. */
export const eventService = 'kubernetes-events';
