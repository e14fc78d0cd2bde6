import { bulkhead } from 'cockatiel';
import { z } from 'zod';
import { attributes } from '../../lib/telemetry/app.ts';
import { label } from '../../lib/telemetry/metric.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { fetchJson } from '../../ops/stores/http.ts';
import { queryLoki } from '../../ops/stores/loki.ts';
import { searchTraces, traceById } from '../../ops/stores/tempo.ts';
import type { ItemType } from '../delivery/numbered-batch.ts';
import { storeOf } from '../delivery/stored-items.ts';
import { oddItemAttribute, oddRunAttribute } from './mutations/odd-item.ts';
import { readWithForwards } from './read-with-forwards.ts';

/** An odd item that was acknowledged. */
export interface OddRecord {
  readonly number: number;
  readonly traceId: string | undefined;
}

export interface OddRun {
  readonly run: string;
  /** The start of the run, in milliseconds. */
  readonly since: number;
}

/** Adds the numbers of odd items that a store has to `found`, which is kept if a request fails. */
type OddReader = (
  url: string,
  run: OddRun,
  items: readonly OddRecord[],
  found: Set<number>,
) => Promise<void>;

/** Long, as a store may have much to search on a slow machine. */
const timeoutMs = 60_000;

const day = 86_400;
const itemLabel = label(oddItemAttribute);
const runLabel = label(oddRunAttribute);

const seriesSchema = z.object({ data: z.array(z.record(z.string(), z.string())) });

const readers: Readonly<Record<ItemType, OddReader>> = {
  logs: async (loki, { run, since }, _items, found) => {
    const all = `{${label(attributes.serviceName)}=~".+"}`;
    // By its attributes, and by its text in case that they were cut.
    const queries = [
      `${all} | ${runLabel}="${run}" | line_format "{{.${itemLabel}}}" | keep ${itemLabel}`,
      `${all} |= "odd-${run}-" | regexp "odd-${run}-(?P<number>[0-9]+)-" | line_format "{{.number}}" | keep number`,
    ];
    for (const query of queries) {
      for (const number of await readLines(loki, query, since)) found.add(number);
    }
  },
  spans: async (tempo, { run, since }, items, found) => {
    const limit = bulkhead(3, Number.MAX_SAFE_INTEGER);
    const api = { url: tempo, timeoutMs };
    const range = { start: since / 1000 - 600, end: Date.now() / 1000 + 600 };
    const isStored = async ({ number, traceId }: OddRecord) => {
      if (traceId !== undefined) return (await traceById(api, traceId)).length > 0;
      // Without an id of its own, the span has one that the collector gave it.
      const query = `{ span.${oddRunAttribute} = "${run}" && span.${oddItemAttribute} = "${number}" }`;
      return (await searchTraces(api, query, range)).length > 0;
    };
    const reads = items
      .filter(({ number }) => !found.has(number))
      .map((item) =>
        limit.execute(async () => {
          if (await isStored(item)) found.add(item.number);
        }),
      );
    await Promise.all(reads);
  },
  samples: async (prometheus, { run }, _items, found) => {
    const query = { 'match[]': `{${runLabel}="${run}"}`, start: 0, end: Date.now() / 1000 + day };
    const api = { url: prometheus, timeoutMs };
    const { data } = await fetchJson(api, '/api/v1/series', seriesSchema, { query });
    for (const labels of data) found.add(Number(labels[itemLabel]));
  },
};

/** Reads which of some odd items are stored. */
export async function readStoredOdd(
  session: Session,
  type: ItemType,
  run: OddRun,
  items: readonly OddRecord[],
): Promise<Set<number>> {
  const store = storeOf(type);
  const found = new Set<number>();
  await readWithForwards(session, [store], (urls) => readers[type](urls[store], run, items, found));
  return found;
}

/** Reads the lines of a query from the day before the oldest time that Loki accepts. */
async function readLines(loki: string, query: string, since: number): Promise<number[]> {
  const limit = 5000;
  const numbers: number[] = [];
  let start = BigInt(since - 8 * day * 1000) * 1_000_000n;
  const end = BigInt(Date.now() + 3_600_000) * 1_000_000n;
  for (;;) {
    const range = { start: `${start}`, end: `${end}`, limit, direction: 'forward' } as const;
    const page = await queryLoki({ url: loki, timeoutMs }, query, range);
    numbers.push(...page.map(({ line }) => Number(line)));
    if (page.length < limit) return numbers;
    start =
      page.reduce((last, { time }) => (BigInt(time) > last ? BigInt(time) : last), start) + 1n;
  }
}
