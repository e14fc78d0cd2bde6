import { z } from 'zod';
import { attributes } from '../../lib/telemetry/app.ts';
import { collectorMetrics, exporterNames } from '../../lib/telemetry/collector.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { doctorService } from '../../lib/telemetry/probes.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { RetryLater } from '../process/retry.ts';
import { fetchJson, type HttpApiOrUrl } from './http.ts';
import { queryPrometheus } from './prometheus.ts';
import { atEachAge, countEach, type SignalStore, slackSeconds } from './store.ts';

const streams = z.object({
  data: z.object({
    resultType: z.literal('streams'),
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.string(), z.string()])),
      }),
    ),
  }),
});

/** Runs a LogQL metric query with one result, at a time in seconds; 0 if it has none. */
export async function countLoki(url: HttpApiOrUrl, logql: string, time: number): Promise<number> {
  const [sample] = await queryPrometheus(url, logql, time, '/loki');
  return sample?.value ?? 0;
}

/** Times in seconds, or as text in nanoseconds, and how many lines a query returns at most. */
export interface LineRange {
  readonly start: string | number;
  readonly end?: string | number;
  readonly limit: number;
  readonly direction?: 'forward';
}

/**
 * Runs a LogQL log query over a range, or from a time in seconds; `fields` are labels and structured
 * metadata.
 */
export async function queryLoki(url: HttpApiOrUrl, logql: string, range: number | LineRange) {
  const limits = typeof range === 'number' ? { start: Math.floor(range), limit: 100 } : range;
  const query = { query: logql, ...limits };
  const { data } = await fetchJson(url, '/loki/api/v1/query_range', streams, { query });
  return data.result.flatMap(({ stream, values }) =>
    values.map(([time, line]) => ({ time, line, fields: stream })),
  );
}

const serviceLabel = label(attributes.serviceName);
const own = '{job="loki"}';

export const lokiStore = {
  name: 'loki',
  signal: 'logs',
  exporter: exporterNames.logs,
  accepted: collectorMetrics.acceptedLogRecords,
  sent: collectorMetrics.sentLogRecords,
  rulesPrefix: '/prometheus',
  usage: {
    unit: 'bytes',
    ingested: stackMetrics.lokiBytes,
    bytesPerUnit: `sum(${stackMetrics.lokiCompressionCount}${own}) / sum(${stackMetrics.lokiCompressionSum}${own})`,
    // Uncompressed.
    maxBytesPerUnit: 1,
    fixedBytes: stackMetrics.lokiWalBytes,
  },

  async find(api, { text, sentAt }) {
    const query = `{${serviceLabel}="${doctorService}"} |= "${text}"`;
    const lines = await queryLoki(api, query, sentAt / 1000 - slackSeconds);
    if (lines.length === 0) throw new RetryLater('no such line');
  },

  listQueries: async (_, now) =>
    atEachAge(`sum(count_over_time({${serviceLabel}=~".+"}[10m]))`, now),
  count: (api, queries) => countEach(queries, ({ what, at }) => countLoki(api, what, at)),
  retentionHours: ({ loki }) => loki.retention.toHours(),
} as const satisfies SignalStore;
