import { createServer, type Server } from 'node:http';
import { readJson } from '../http/json-body.ts';

/** The part of OTLP/JSON that the tests use. */
interface KeyValue {
  readonly key: string;
  readonly value: { stringValue?: string; intValue?: number; doubleValue?: number };
}
interface Resource {
  readonly resource: { readonly attributes: readonly KeyValue[] };
}
interface RawSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly events?: readonly { readonly name: string }[];
  readonly status?: { readonly code?: number };
  readonly attributes: readonly KeyValue[];
}
interface RawLog {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly severityText: string;
  readonly severityNumber: number;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly KeyValue[];
}
interface RawMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
}
interface Batch {
  readonly resourceSpans?: readonly (Resource & { scopeSpans: { spans: RawSpan[] }[] })[];
  readonly resourceLogs?: readonly (Resource & { scopeLogs: { logRecords: RawLog[] }[] })[];
  readonly resourceMetrics?: readonly (Resource & { scopeMetrics: { metrics: RawMetric[] }[] })[];
}

/** A received item with its service name, and its attributes as an object. */
type Received<T> = Omit<T, 'attributes'> & {
  readonly service: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
};

export interface OtlpReceiver {
  readonly server: Server;
  readonly spans: Received<RawSpan>[];
  readonly logs: Received<RawLog>[];
  readonly metrics: Received<RawMetric>[];
}

/** An OTLP receiver that stores all telemetry. */
export function otlpReceiver(): OtlpReceiver {
  const spans: Received<RawSpan>[] = [];
  const logs: Received<RawLog>[] = [];
  const metrics: Received<RawMetric>[] = [];

  const server = createServer(async (request, response) => {
    const batch = (await readJson(request, 16 * 1024 * 1024)) as Batch;
    for (const sent of batch.resourceSpans ?? []) {
      spans.push(...sent.scopeSpans.flatMap((scope) => scope.spans).map(receive(sent)));
    }
    for (const sent of batch.resourceLogs ?? []) {
      logs.push(...sent.scopeLogs.flatMap((scope) => scope.logRecords).map(receive(sent)));
    }
    for (const sent of batch.resourceMetrics ?? []) {
      metrics.push(...sent.scopeMetrics.flatMap((scope) => scope.metrics).map(receive(sent)));
    }
    response.setHeader('content-type', 'application/json').end('{}');
  });
  return { server, spans, logs, metrics };
}

function receive<T extends object>(sent: Resource): (record: T) => Received<T> {
  const service = toObject(sent.resource.attributes)['service.name'];
  return (record) => ({
    ...record,
    service,
    attributes: 'attributes' in record ? toObject(record.attributes as KeyValue[]) : {},
  });
}

function toObject(pairs: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]));
}
