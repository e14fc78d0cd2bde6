import { z } from 'zod';
import type { EndpointName } from '../../lib/model/topology.ts';
import { attributes } from '../../lib/telemetry/app.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { deliveryService } from '../../lib/telemetry/probes.ts';
import { fetchJson } from '../../ops/stores/http.ts';
import { queryValues } from '../../ops/stores/prometheus.ts';
import { traceById } from '../../ops/stores/tempo.ts';
import { type ItemType, runAttribute, sampleName } from './numbered-batch.ts';
import type { SendResult } from './sender.ts';

/** How often each number is stored. */
export type StoredCounts = ReadonlyMap<number, number>;

/** What a reader needs to find the items of a run. */
export type SentItems = Pick<SendResult, 'run' | 'since' | 'traces'>;

/**
 * Reads items from a store at its URL, and adds them to `found`: complete traces are not read again,
 * and what was read is kept if a later request fails.
 */
type Reader = (url: string, sent: SentItems, found: Map<number, number>) => Promise<void>;

const run = label(runAttribute);

const linesSchema = z.object({
  data: z.object({
    result: z.array(z.object({ values: z.array(z.tuple([z.string(), z.string()])) })),
  }),
});

/** Reads lines in pages, as Loki returns at most 5000. */
const logs: Reader = async (loki, sent, found) => {
  const limit = 5000;
  const numbers: number[] = [];
  const query = `{${label(attributes.serviceName)}="${deliveryService}"} | ${run}="${sent.run}"`;
  let start = BigInt(sent.since) * 1_000_000n;
  for (;;) {
    const parameters = { query, start: String(start), limit, direction: 'forward' };
    const { data } = await fetchJson(loki, '/loki/api/v1/query_range', linesSchema, {
      query: parameters,
    });
    const lines = data.result.flatMap(({ values }) => values);
    numbers.push(...lines.map(([, line]) => Number(line)));
    if (lines.length < limit) return add(found, numbers);
    const last = lines.reduce((max, [at]) => (BigInt(at) > max ? BigInt(at) : max), start);
    start = last + 1n;
  }
};

const concurrency = 20;

/** Reads traces that are not complete in `found`, several at a time. */
const spans: Reader = async (tempo, { traces }, found) => {
  const incomplete = traces.filter(({ numbers }) => !numbers.every((number) => found.has(number)));
  for (let first = 0; first < incomplete.length; first += concurrency) {
    const read = incomplete.slice(first, first + concurrency).map(({ id }) => traceById(tempo, id));
    const numbers = (await Promise.all(read)).flat().map(({ id }) => Number.parseInt(id, 16));
    add(found, numbers);
  }
};

const samples: Reader = async (prometheus, { run: id, since }, found) => {
  const range = Math.ceil((Date.now() - since) / 1000) + 60;
  const query = `${label(sampleName)}{${run}="${id}"}[${range}s]`;
  add(found, await queryValues(prometheus, query));
};

/** Reads the items of a run from the store of each type. */
export const readers: Readonly<Record<ItemType, Reader>> = { logs, spans, samples };

/** The store of each type. */
export const storeOf = {
  logs: 'loki',
  spans: 'tempo',
  samples: 'prometheus',
} as const satisfies Record<ItemType, EndpointName>;

/** Sets how often each number was found. */
function add(found: Map<number, number>, numbers: readonly number[]): void {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  for (const [number, times] of counts) found.set(number, times);
}
