import type { Duration } from 'cdk8s';
import { annotatedPodsJob } from '../lib/model/topology.ts';
import type { Settings } from '../lib/schema.ts';
import { formatDuration } from '../lib/settings/units.ts';

/**
 * Selects a metric of the stack, but not the same metric of annotated pods: others run these
 * programs too, and their failures are no alerts of the stack.
 */
export function ownSeries(metric: string, ...matchers: readonly string[]): string {
  return `${metric}{${[`job!="${annotatedPodsJob}"`, ...matchers].join(', ')}}`;
}

/**
 * The increase of a counter, including its first value: many counters of failures do not exist
 * before the first failure, which `increase` alone would miss.
 */
export function increased(selector: string, window: Duration): string {
  const range = formatDuration(window);
  return `(increase(${selector}[${range}]) > 0 or (${selector} > 0 unless ${selector} offset ${range}))`;
}

/** The union of queries, each with another value of a label. */
export function unionByLabel(label: string, queries: Readonly<Record<string, string>>): string {
  return Object.entries(queries)
    .map(([value, query]) => `label_replace(${query}, "${label}", "${value}", "", "")`)
    .join(' or ');
}

/** Copies a label to another name. */
export function renameLabel(query: string, from: string, to: string): string {
  return `label_replace(${query}, "${to}", "$1", "${from}", "(.+)")`;
}

/**
 * The condition that a rate per second is at least alerts.minRequestsPerMinute. With sampling as
 * many traces have to be kept, because rates of fewer traces fluctuate.
 */
export function minTraffic(rate: string, { alerts, collector }: Settings): string {
  const { sampling } = collector;
  const ratio = sampling.mode === 'none' ? 1 : sampling.keep;
  return `${rate} * 60 >= ${Number((alerts.minRequestsPerMinute / ratio).toFixed(2))}`;
}
