import { externalStoreOf } from '../../lib/model/external-store.ts';
import type { Settings } from '../../lib/schema.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import type { HttpApiOrUrl } from '../stores/http.ts';
import { queryPrometheus } from '../stores/prometheus.ts';
import type { SignalStore } from '../stores/store.ts';
import { signalStores } from '../stores/stores.ts';
import { type StoreBudget, storeBudget } from './budget.ts';

/**
 * Measures with Prometheus what the stores ingest and how much disk it takes.
 *
 * @param rangeSeconds the range of the average rates
 */
export async function measureBudget(
  prometheus: HttpApiOrUrl,
  settings: Pick<Settings, SignalStore['name'] | 'alerts'>,
  rangeSeconds: number,
) {
  const number = async (query: string) => {
    const [sample] = await queryPrometheus(prometheus, query);
    return sample !== undefined && Number.isFinite(sample.value) ? sample.value : undefined;
  };
  const measure = async (store: SignalStore): Promise<StoreBudget> => {
    const { name, usage } = store;
    // The average of short rates, so that times without samples do not count as a rate of 0.
    const rate = `avg_over_time(sum(rate(${usage.ingested}{job="${name}"}[2m]))[${rangeSeconds}s:1m])`;
    const fixed = usage.fixedBytes && `sum(${usage.fixedBytes}{job="${name}"})`;
    const measurement = {
      rate: (await number(rate)) ?? 0,
      bytesPerUnit: (await number(usage.bytesPerUnit)) || undefined,
      fixedBytes: (fixed && (await number(fixed))) || 0,
    };
    return storeBudget(store, measurement, settings[name]);
  };
  const all: readonly SignalStore[] = Object.values(signalStores);
  const own = all.filter(({ name }) => externalStoreOf(name, settings) === undefined);
  const sources = await queryPrometheus(prometheus, 'count by (job) ({__name__!=""})');
  return {
    series: (await number(`sum(${stackMetrics.prometheusSeries}{job="prometheus"})`)) ?? 0,
    maxSeries: settings.alerts.maxSeries,
    /** By the label `job`: a scrape job or a service that pushes; empty for rules and span metrics. */
    sources: sources
      .map(({ labels, value }) => ({ source: labels.job ?? '', series: value }))
      .sort((a, b) => b.series - a.series),
    stores: await Promise.all(own.map(measure)),
    /** They have no volume of the cluster. */
    external: all.flatMap((store) => (own.includes(store) ? [] : [store.name])),
  };
}

export type Budget = Awaited<ReturnType<typeof measureBudget>>;
