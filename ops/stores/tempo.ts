import { z } from 'zod';
import { collectorMetrics, exporterNames } from '../../lib/telemetry/collector.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { RetryLater } from '../process/retry.ts';
import { fetchJson, type HttpApiOrUrl, HttpError } from './http.ts';
import { countEach, presenceQueries, type SignalStore, slackSeconds } from './store.ts';

/** Tempo omits fields that are empty. */
const keyValue = z.object({
  key: z.string().default(''),
  value: z.object({ stringValue: z.string().optional() }).default({}),
});

const traceSchema = z.object({
  trace: z.object({
    resourceSpans: z
      .array(
        z.object({
          resource: z
            .object({ attributes: z.array(keyValue).default([]) })
            .default({ attributes: [] }),
          scopeSpans: z.array(
            z.object({
              spans: z.array(
                z.object({
                  spanId: z.string().default(''),
                  parentSpanId: z.string().default(''),
                  name: z.string().default(''),
                  // A kind that OTLP does not have is a number.
                  kind: z
                    .union([z.string(), z.number().transform(String)])
                    .default('SPAN_KIND_UNSPECIFIED'),
                }),
              ),
            }),
          ),
        }),
      )
      .default([]),
  }),
});

/** The spans of a trace; none if Tempo does not have it. */
export async function traceById(url: HttpApiOrUrl, traceId: string) {
  try {
    const { trace } = await fetchJson(url, `/api/v2/traces/${traceId}`, traceSchema, {
      headers: { accept: 'application/json' },
    });
    return trace.resourceSpans.flatMap(({ resource, scopeSpans }) => {
      const name = resource.attributes.find(({ key }) => key === 'service.name');
      const service = name?.value.stringValue ?? '';
      return scopeSpans.flatMap(({ spans }) =>
        spans.map((span) => ({
          service,
          name: span.name,
          kind: span.kind,
          id: toHexId(span.spanId),
          parentId: toHexId(span.parentSpanId),
        })),
      );
    });
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return [];
    throw error;
  }
}

export type Span = Awaited<ReturnType<typeof traceById>>[number];

/** Converts a span id to hex: Tempo returns base64, as in the JSON encoding of protobuf. */
export function toHexId(id: string): string {
  return /^([0-9a-f]{16})?$/.test(id) ? id : Buffer.from(id, 'base64').toString('hex');
}

const searchSchema = z.object({
  traces: z
    .array(z.object({ traceID: z.string(), rootServiceName: z.string().optional() }))
    .default([]),
});

/** Runs a TraceQL query between two times in seconds; gives trace ids. */
export async function searchTraces(
  url: HttpApiOrUrl,
  traceql: string,
  range: { readonly start: number; readonly end: number },
): Promise<string[]> {
  const query = {
    q: traceql,
    start: Math.floor(range.start),
    end: Math.ceil(range.end),
    limit: 100,
  };
  const { traces } = await fetchJson(url, '/api/search', searchSchema, { query });
  // Tempo omits leading zeros.
  return traces.map(({ traceID }) => traceID.padStart(32, '0'));
}

const own = '{job="tempo"}';

export const tempoStore = {
  name: 'tempo',
  signal: 'traces',
  exporter: exporterNames.traces,
  accepted: collectorMetrics.acceptedSpans,
  sent: collectorMetrics.sentSpans,
  usage: {
    unit: 'bytes',
    ingested: stackMetrics.tempoBytes,
    bytesPerUnit: `sum(histogram_sum(${stackMetrics.tempoFlushedBytes}${own})) / sum(${stackMetrics.tempoBytes}${own})`,
    // Uncompressed.
    maxBytesPerUnit: 1,
  },

  async find(api, { traceId, sentAt }) {
    const spans = await traceById(api, traceId);
    if (spans.length === 0) throw new RetryLater('no trace of that id');
    // A trace can be known by its id and still be hidden from searches.
    const seconds = sentAt / 1000;
    const range = { start: seconds - slackSeconds, end: seconds + slackSeconds };
    const found = await searchTraces(api, `{ trace:id = "${traceId}" }`, range);
    if (!found.includes(traceId)) throw new RetryLater('found by id, but not by a search');
  },

  async listQueries(api, now) {
    const found = await searchTraces(api, '{}', { start: now - 3600, end: now - 30 });
    return presenceQueries(found.slice(0, 20), now);
  },
  count: (api, queries) =>
    countEach(queries, async ({ what }) => (await traceById(api, what)).length),
  retentionHours: ({ tempo }) => tempo.retention.toHours(),
} as const satisfies SignalStore;
