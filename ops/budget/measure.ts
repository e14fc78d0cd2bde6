import type { Settings } from '../../lib/schema.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import type { HttpApiOrUrl } from '../stores/http.ts';
import { queryPrometheus } from '../stores/prometheus.ts';
import {
  type StoreBudget,
  type StoreLimits,
  type StoreMeasurement,
  storeBudget,
} from './budget.ts';

export interface SeriesSource {
  /** The label `job`: a scrape job or a service that pushes; empty for rules and span metrics. */
  readonly source: string;
  readonly series: number;
}

export const budgetStores = ['prometheus', 'loki', 'tempo'] as const;
export type BudgetStore = (typeof budgetStores)[number];

export interface Budget {
  readonly series: number;
  readonly maxSeries: number;
  readonly sources: readonly SeriesSource[];
  readonly rates: Readonly<Record<BudgetStore, number>>;
  readonly stores: Readonly<Record<BudgetStore, StoreBudget>>;
}

/** The PromQL queries for a StoreMeasurement, each with one result. */
interface StoreQueries {
  readonly rate: string;
  /** Without a result, or NaN, before the first block is written. */
  readonly bytesPerItem: string;
  readonly fixedBytes: string;
}

const jobSelector = (job: BudgetStore) => `{job="${job}"}`;

function storeQueries(range: string): Readonly<Record<BudgetStore, StoreQueries>> {
  const m = stackMetrics;
  // The average of short rates, so that times without samples do not count as a rate of 0.
  const rate = (metric: string, job: BudgetStore) =>
    `avg_over_time(sum(rate(${metric}${jobSelector(job)}[2m]))[${range}:1m])`;
  return {
    prometheus: {
      rate: rate(m.prometheusSamples, 'prometheus'),
      // Of the chunks that were compacted to blocks since the start.
      bytesPerItem: `sum(${m.prometheusChunkBytes}${jobSelector('prometheus')}) / sum(${m.prometheusChunkSamples}${jobSelector('prometheus')})`,
      fixedBytes: `sum(${m.prometheusWalBytes}${jobSelector('prometheus')})`,
    },
    loki: {
      rate: rate(m.lokiBytes, 'loki'),
      bytesPerItem: `sum(${m.lokiCompressionCount}${jobSelector('loki')}) / sum(${m.lokiCompressionSum}${jobSelector('loki')})`,
      fixedBytes: `sum(${m.lokiWalBytes}${jobSelector('loki')})`,
    },
    tempo: {
      rate: rate(m.tempoBytes, 'tempo'),
      bytesPerItem: `sum(histogram_sum(${m.tempoFlushedBytes}${jobSelector('tempo')})) / sum(${m.tempoBytes}${jobSelector('tempo')})`,
      fixedBytes: 'vector(0)',
    },
  };
}

/**
 * A sample has at most 2 bytes
 * (https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects), logs and traces at most
 * their uncompressed size. Prometheus deletes its oldest block if 80 % of the volume are used.
 */
const fixedLimits: Record<BudgetStore, Pick<StoreLimits, 'usableRatio' | 'maxBytesPerItem'>> = {
  prometheus: { usableRatio: 0.8, maxBytesPerItem: 2 },
  loki: { maxBytesPerItem: 1 },
  tempo: { maxBytesPerItem: 1 },
};

/**
 * Measures with Prometheus what the stores ingest and how much disk it takes.
 *
 * @param rangeSeconds the range of the average rates
 */
export async function measureBudget(
  prometheus: HttpApiOrUrl,
  settings: Pick<Settings, BudgetStore | 'alerts'>,
  rangeSeconds: number,
): Promise<Budget> {
  const number = async (query: string) => {
    const [sample] = await queryPrometheus(prometheus, query);
    return sample !== undefined && Number.isFinite(sample.value) ? sample.value : undefined;
  };
  const queries = storeQueries(`${rangeSeconds}s`);
  const measure = async (store: BudgetStore) => {
    const measurement: StoreMeasurement = {
      rate: (await number(queries[store].rate)) ?? 0,
      bytesPerItem: (await number(queries[store].bytesPerItem)) || undefined,
      fixedBytes: (await number(queries[store].fixedBytes)) ?? 0,
    };
    const { retention, storage } = settings[store];
    const limits: StoreLimits = { retention, storage, ...fixedLimits[store] };
    return [store, measurement, storeBudget(measurement, limits)] as const;
  };
  const all = await Promise.all(budgetStores.map(measure));
  const sources = await queryPrometheus(prometheus, 'count by (job) ({__name__!=""})');
  return {
    series:
      (await number(`sum(${stackMetrics.prometheusSeries}${jobSelector('prometheus')})`)) ?? 0,
    maxSeries: settings.alerts.maxSeries,
    sources: sources
      .map(({ labels, value }) => ({ source: labels.job ?? '', series: value }))
      .sort((a, b) => b.series - a.series),
    rates: Object.fromEntries(all.map(([store, { rate }]) => [store, rate])) as Budget['rates'],
    stores: Object.fromEntries(all.map(([store, , its]) => [store, its])) as Budget['stores'],
  };
}
