import { z } from 'zod';
import { attributes, deliveryService, label } from '../../lib/telemetry.ts';
import { fetchJson } from '../stores/http.ts';
import { queryValues } from '../stores/prometheus.ts';
import { traceById } from '../stores/tempo.ts';
import { runAttribute, type Signal, sampleName } from './otlp.ts';
import type { Sent } from './sender.ts';

export interface Stores {
  readonly loki: string;
  readonly tempo: string;
  readonly prometheus: string;
}

/** How often each number is stored. */
export type Stored = ReadonlyMap<number, number>;

/** What a reader has to know of what was sent. */
export type Sought = Pick<Sent, 'run' | 'since' | 'traces'>;

type Reader = (stores: Stores, sent: Sought) => Promise<Stored>;

const run = label(runAttribute);

const linesSchema = z.object({
  data: z.object({
    result: z.array(z.object({ values: z.array(z.tuple([z.string(), z.string()])) })),
  }),
});

/** Lines, page by page: Loki gives 5000 at once. */
const logs: Reader = async ({ loki }, sent) => {
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
    if (lines.length < limit) return counted(numbers);
    const last = lines.reduce((max, [at]) => (BigInt(at) > max ? BigInt(at) : max), start);
    start = last + 1n;
  }
};

/** Trace by trace, a few at a time. */
const spans: Reader = async ({ tempo }, { traces }) => {
  const numbers: number[] = [];
  for (let first = 0; first < traces.length; first += 10) {
    const found = await Promise.all(
      traces.slice(first, first + 10).map((id) => traceById(tempo, id)),
    );
    numbers.push(...found.flat().map(({ id }) => Number.parseInt(id, 16)));
  }
  return counted(numbers);
};

const samples: Reader = async ({ prometheus }, { run: id, since }) => {
  const range = Math.ceil((Date.now() - since) / 1000) + 60;
  const query = `${label(sampleName)}{${run}="${id}"}[${range}s]`;
  return counted(await queryValues(prometheus, query));
};

/** What each store has of a run. */
export const readers: Readonly<Record<Signal, Reader>> = { logs, spans, samples };

function counted(numbers: readonly number[]): Stored {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return counts;
}
