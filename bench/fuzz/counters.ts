import { collectorFailures, collectorFiltered } from '../../lib/telemetry/collector.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { parsePage } from '../../ops/stores/exposition.ts';
import { fetchText } from '../../ops/stores/http.ts';
import type { ItemType } from '../delivery/numbered-batch.ts';
import { readWithForwards } from './read-with-forwards.ts';

/** Where an item was dropped. */
type Stage = 'filtered' | 'enqueue failed' | 'send failed' | 'discarded by the store';

interface Counter {
  readonly metric: string;
  readonly type: ItemType;
  readonly stage: Stage;
}

const keys = { logs: 'logs', spans: 'spans', samples: 'metrics' } as const;
const { prometheusTooOld, prometheusOutOfOrder, prometheusOutOfBound } = stackMetrics;
const discarded: Readonly<Record<ItemType, readonly string[]>> = {
  logs: [stackMetrics.lokiDiscarded],
  spans: [stackMetrics.tempoDiscarded],
  samples: [prometheusTooOld, prometheusOutOfOrder, prometheusOutOfBound],
};

/** The counters of items that are dropped after they were acknowledged. */
const counters: readonly Counter[] = (['logs', 'spans', 'samples'] as const).flatMap((type) => [
  { type, stage: 'filtered', metric: collectorFiltered[keys[type]] },
  { type, stage: 'enqueue failed', metric: collectorFailures.enqueueFailed[keys[type]] },
  { type, stage: 'send failed', metric: collectorFailures.sendFailed[keys[type]] },
  ...discarded[type].map((metric) => ({ type, metric, stage: 'discarded by the store' }) as const),
]);

/** A series of a counter, or how much it has increased. */
export interface Count {
  readonly type: ItemType;
  readonly stage: Stage;
  /** The metric with the labels that name the reason. */
  readonly series: string;
  readonly value: number;
}

const pages = ['collectorMetrics', 'loki', 'tempo', 'prometheus'] as const;

/** Reads the counters from the metrics pages, so that nothing waits for a scrape. */
export async function readCounts(session: Session): Promise<Count[]> {
  const samples = await readWithForwards(session, pages, (urls) =>
    Promise.all(pages.map(async (name) => parsePage(await fetchText(urls[name], '/metrics')))),
  );
  return samples.flat().flatMap(({ metric, labels, value }) => {
    const counter = counters.find((each) => each.metric === metric);
    const reasons = [labels.reason, labels.filter, labels.exporter];
    const reason = reasons.filter((each) => each !== undefined).join(' ');
    return counter === undefined ? [] : [{ ...counter, series: `${metric} ${reason}`, value }];
  });
}

/** The counts that have increased, each with its increase. */
export function increasedCounts(before: readonly Count[], after: readonly Count[]): Count[] {
  return sumSeries(after)
    .map((count) => {
      const earlier = sumSeries(before).find(({ series }) => series === count.series);
      return { ...count, value: count.value - (earlier?.value ?? 0) };
    })
    .filter(({ value }) => value > 0);
}

function sumSeries(counts: readonly Count[]): Count[] {
  const sums = new Map<string, Count>();
  for (const count of counts) {
    const value = count.value + (sums.get(count.series)?.value ?? 0);
    sums.set(count.series, { ...count, value });
  }
  return [...sums.values()];
}

/**
 * How many items of a type were counted as dropped, at least: what a store discards may be counted
 * by the store and by the exporter, so only the larger of the two sums counts.
 */
export function droppedAtLeast(increases: readonly Count[], type: ItemType): number {
  const sum = (stage: Stage) =>
    increases
      .filter((count) => count.type === type && count.stage === stage)
      .reduce((total, { value }) => total + value, 0);
  const rejected = Math.max(sum('send failed'), sum('discarded by the store'));
  return sum('filtered') + sum('enqueue failed') + rejected;
}
