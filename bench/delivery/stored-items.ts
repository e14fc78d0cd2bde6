import { bulkhead } from 'cockatiel';
import { attributes } from '../../lib/telemetry/app.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { deliveryService } from '../../lib/telemetry/probes.ts';
import type { HttpApiOrUrl } from '../../ops/stores/http.ts';
import { queryLoki } from '../../ops/stores/loki.ts';
import { queryValues } from '../../ops/stores/prometheus.ts';
import { signalStores } from '../../ops/stores/stores.ts';
import { traceById } from '../../ops/stores/tempo.ts';
import { type Entry, isStored } from './ledger.ts';
import { batchMs, type ItemType, runAttribute, sampleName, signalOf } from './numbered-batch.ts';

/** The name of the store of a type. */
export const storeOf = (type: ItemType) => signalStores[signalOf[type]].name;

/** Consecutive batches that are read with one query. */
type Group = readonly [Entry, ...Entry[]];

interface Reader {
  /** The most items that are read with one query, unless one batch has more. */
  readonly maxItems: number;
  /** The batches of a group have the same trace. */
  readonly oneTrace?: true;
  /** Gives the numbers that the store has, each as often as it has it. */
  readonly read: (api: HttpApiOrUrl, group: Group) => Promise<number[]>;
}

const run = label(runAttribute);

const readers: Readonly<Record<ItemType, Reader>> = {
  logs: {
    // Half of what Loki returns at most, as a line may be stored twice.
    maxItems: 2500,
    read: async (loki, group) => {
      const { start, end } = timesOf(group);
      const query = `{${label(attributes.serviceName)}="${deliveryService}"} | ${run}="${group[0].batch.run}"`;
      const range = { start: `${start}000000`, end: `${end}000000`, limit: 5000 };
      return (await queryLoki(loki, query, range)).map(({ line }) => Number(line));
    },
  },
  spans: {
    maxItems: Number.POSITIVE_INFINITY,
    oneTrace: true,
    read: async (tempo, [{ batch }]) => {
      const spans = await traceById(tempo, batch.traceId);
      return spans.map(({ id }) => Number.parseInt(id, 16));
    },
  },
  samples: {
    maxItems: 100_000,
    read: (prometheus, group) => {
      const { start, end } = timesOf(group);
      // A range does not include its start.
      const selector = `${label(sampleName)}{${run}="${group[0].batch.run}"}[${end - start + 1}ms]`;
      return queryValues(prometheus, selector, end / 1000);
    },
  },
};

const concurrency = 6;

/**
 * Reads the batches that are not known to be stored completely, and notes what is stored. What was
 * read is kept if a later request fails.
 */
export async function readStored(
  type: ItemType,
  api: HttpApiOrUrl,
  entries: readonly Entry[],
): Promise<void> {
  const { read, ...limits } = readers[type];
  const limit = bulkhead(concurrency, Number.MAX_SAFE_INTEGER);
  const incomplete = groupEntries(entries, limits).filter((group) => !group.every(isStored));
  const reads = incomplete.map((group) =>
    limit.execute(async () => noteStored(group, await read(api, group))),
  );
  const failed = (await Promise.allSettled(reads)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** Sets how often each item of a group is stored. Other numbers are those of batches beside it. */
export function noteStored(group: readonly Entry[], numbers: readonly number[]): void {
  const times = new Map<number, number>();
  for (const number of numbers) times.set(number, (times.get(number) ?? 0) + 1);
  for (const { batch, stored } of group) {
    for (const index of stored.keys()) stored[index] = times.get(batch.first + index) ?? 0;
  }
}

/** Groups consecutive batches, so that a group is within the limits of its reader, or is one batch. */
export function groupEntries(
  entries: readonly Entry[],
  { maxItems, oneTrace }: Pick<Reader, 'maxItems' | 'oneTrace'>,
): Group[] {
  const groups: [Entry, ...Entry[]][] = [];
  let items = 0;
  for (const entry of entries) {
    const { size, traceId } = entry.batch;
    items += size;
    const last = groups.at(-1);
    const isOther = oneTrace === true && last?.[0].batch.traceId !== traceId;
    if (last !== undefined && items <= maxItems && !isOther) last.push(entry);
    else {
      groups.push([entry]);
      items = size;
    }
  }
  return groups;
}

/** The first and the last time of a group, in milliseconds. */
function timesOf(group: Group): { start: number; end: number } {
  const times = group.map(({ batch }) => batch.at);
  return { start: Math.min(...times), end: Math.max(...times) + batchMs };
}
