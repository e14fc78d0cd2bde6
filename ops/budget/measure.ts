import type { Settings } from '../../lib/schema.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import type { Base } from '../stores/http.ts';
import { queryPrometheus } from '../stores/prometheus.ts';
import { budgetOf, type Measured, type Place, type StoreBudget } from './budget.ts';

/** Series of one source: a scrape job, a service that pushes, or rules and generators. */
export interface Source {
  readonly source: string;
  readonly series: number;
}

export const stores = ['prometheus', 'loki', 'tempo'] as const;
export type Store = (typeof stores)[number];

export interface Budget {
  readonly series: number;
  /** Series that `alerts.maxSeries` says there is memory for. */
  readonly maxSeries: number;
  readonly sources: readonly Source[];
  readonly rates: Readonly<Record<Store, number>>;
  readonly stores: Readonly<Record<Store, StoreBudget>>;
}

/** What one store is asked; each expression has one value. */
interface Questions {
  readonly rate: string;
  /** Has no value, or is no number, before anything was written. */
  readonly stored: string;
  readonly fixed: string;
}

const of = (job: Store) => `{job="${job}"}`;

function questions(range: string): Readonly<Record<Store, Questions>> {
  const m = stackMetrics;
  // A mean of short rates, so that a time when nothing was measured yet does not count as quiet.
  const rate = (metric: string, job: Store) =>
    `avg_over_time(sum(rate(${metric}${of(job)}[2m]))[${range}:1m])`;
  return {
    prometheus: {
      rate: rate(m.prometheusSamples, 'prometheus'),
      // Of the chunks that became blocks since it was started.
      stored: `sum(${m.prometheusChunkBytes}${of('prometheus')}) / sum(${m.prometheusChunkSamples}${of('prometheus')})`,
      fixed: `sum(${m.prometheusWalBytes}${of('prometheus')})`,
    },
    loki: {
      rate: rate(m.lokiBytes, 'loki'),
      stored: `sum(${m.lokiCompressionCount}${of('loki')}) / sum(${m.lokiCompressionSum}${of('loki')})`,
      fixed: `sum(${m.lokiWalBytes}${of('loki')})`,
    },
    tempo: {
      rate: rate(m.tempoBytes, 'tempo'),
      stored: `sum(histogram_sum(${m.tempoFlushedBytes}${of('tempo')})) / sum(${m.tempoBytes}${of('tempo')})`,
      fixed: 'vector(0)',
    },
  };
}

/**
 * What an item takes at most, for stores that have not written any yet: a sample 2 bytes
 * (https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects); lines and spans what
 * they are, which no store exceeds by more than its index.
 */
const atMost: Readonly<Record<Store, number>> = { prometheus: 2, loki: 1, tempo: 1 };

/** Prometheus deletes its oldest block when the volume is this full (lib/prometheus/config.ts). */
const usable: Partial<Record<Store, number>> = { prometheus: 0.8 };

/**
 * Asks Prometheus what comes in and what it takes on disk.
 *
 * @param rangeSeconds over how long rates are taken
 */
export async function measureBudget(
  prometheus: Base,
  settings: Pick<Settings, Store | 'alerts'>,
  rangeSeconds: number,
): Promise<Budget> {
  const number = async (query: string) => {
    const [sample] = await queryPrometheus(prometheus, query);
    return sample !== undefined && Number.isFinite(sample.value) ? sample.value : undefined;
  };
  const asked = questions(`${rangeSeconds}s`);
  const one = async (store: Store) => {
    const { rate, stored, fixed } = asked[store];
    const measured: Measured = {
      rate: (await number(rate)) ?? 0,
      stored: (await number(stored)) || undefined,
      fixed: (await number(fixed)) ?? 0,
    };
    const { retention, storage } = settings[store];
    const place: Place = { retention, storage, usable: usable[store], atMost: atMost[store] };
    return [store, measured, budgetOf(measured, place)] as const;
  };
  const all = await Promise.all(stores.map(one));
  const sources = await queryPrometheus(prometheus, 'count by (job) ({__name__!=""})');
  return {
    series: (await number(`sum(${stackMetrics.prometheusSeries}${of('prometheus')})`)) ?? 0,
    maxSeries: settings.alerts.maxSeries,
    sources: sources
      .map(({ labels, value }) => ({ source: labels.job ?? '', series: value }))
      .sort((a, b) => b.series - a.series),
    rates: Object.fromEntries(all.map(([store, { rate }]) => [store, rate])) as Budget['rates'],
    stores: Object.fromEntries(all.map(([store, , its]) => [store, its])) as Budget['stores'],
  };
}
