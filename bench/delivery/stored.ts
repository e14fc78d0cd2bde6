import { z } from 'zod';
import type { EndpointName } from '../../lib/model/topology.ts';
import { attributes } from '../../lib/telemetry/app.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { deliveryService } from '../../lib/telemetry/probes.ts';
import { fetchJson } from '../../ops/stores/http.ts';
import { queryValues } from '../../ops/stores/prometheus.ts';
import { traceById } from '../../ops/stores/tempo.ts';
import { runAttribute, type Signal, sampleName } from './otlp.ts';
import type { Sent } from './sender.ts';

/** How often each number is stored. */
export type Stored = ReadonlyMap<number, number>;

/** What a reader has to know of what was sent. */
export type Sought = Pick<Sent, 'run' | 'since' | 'traces'>;

/**
 * Asks a store at its URL, and adds what it has to what was found before: that need not be asked for
 * again, and is kept if a later question fails.
 */
type Reader = (url: string, sent: Sought, found: Map<number, number>) => Promise<void>;

const run = label(runAttribute);

const linesSchema = z.object({
  data: z.object({
    result: z.array(z.object({ values: z.array(z.tuple([z.string(), z.string()])) })),
  }),
});

/** Lines, page by page: Loki gives 5000 at once. */
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

const atOnce = 20;

/** Trace by trace, a few at a time; those that were complete are not read again. */
const spans: Reader = async (tempo, { traces }, found) => {
  const open = traces.filter(({ numbers }) => !numbers.every((number) => found.has(number)));
  for (let first = 0; first < open.length; first += atOnce) {
    const read = open.slice(first, first + atOnce).map(({ id }) => traceById(tempo, id));
    const numbers = (await Promise.all(read)).flat().map(({ id }) => Number.parseInt(id, 16));
    add(found, numbers);
  }
};

const samples: Reader = async (prometheus, { run: id, since }, found) => {
  const range = Math.ceil((Date.now() - since) / 1000) + 60;
  const query = `${label(sampleName)}{${run}="${id}"}[${range}s]`;
  add(found, await queryValues(prometheus, query));
};

/** What each store has of a run. */
export const readers: Readonly<Record<Signal, Reader>> = { logs, spans, samples };

/** Which store each signal ends in. */
export const storeOf = {
  logs: 'loki',
  spans: 'tempo',
  samples: 'prometheus',
} as const satisfies Record<Signal, EndpointName>;

/** Adds how often each number was found this time. */
function add(found: Map<number, number>, numbers: readonly number[]): void {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  for (const [number, times] of counts) found.set(number, times);
}
