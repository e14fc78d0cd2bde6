import { invalidUtf8, type Mutation } from './mutation.ts';
import type { Message, MetricType } from './odd-item.ts';
import type { Random } from './random.ts';

const types = ['samples'] as const;

/** A mutation of a metric's own fields. */
function mutateMetric(kind: string, change: (random: Random) => object): Mutation {
  return {
    kind: `metric: ${kind}`,
    types,
    apply: ({ metric }, random) => {
      Object.assign(metric, change(random));
    },
  };
}

/** A mutation of the temporality, which gauges and summaries do not have. */
function mutateTemporality(kind: string, data: object): Mutation {
  return {
    kind: `metric: ${kind}`,
    types,
    metrics: ['sum', 'histogram', 'exponentialHistogram'],
    apply: (odd, random) => {
      // Of its own name, so that it is not the same series with another temporality.
      odd.metric.name = `fuzz.temporality.${odd.metricType}.${random.int(1, 9)}`;
      Object.assign(odd.data, data);
    },
  };
}

const names = ['', 'имя', '颜色', '_', '...', ' ', '1', '9lives', 'a b', 'a{b="c"}', invalidUtf8];

export const metricMutations: readonly Mutation[] = [
  mutateMetric('odd name', (random) => ({ name: random.pick(names) })),
  mutateMetric('long name', (random) => ({ name: 'n'.repeat(random.pick([256, 5000, 100_000])) })),
  mutateMetric('reserved name', (random) => ({
    name: random.pick(['up', 'target_info', 'ALERTS', '__name__', 'scrape_duration_seconds']),
  })),
  mutateMetric('odd unit', (random) => ({
    unit: random.pick(['', '%', 'имя', '{}', 'By/s', 'u'.repeat(2000), invalidUtf8]),
  })),
  mutateMetric('odd description', (random) => ({
    description: random.pick(['', 'd'.repeat(100_000), invalidUtf8, 'a\nb']),
  })),
  mutateMetric('metadata', () => ({ metadata: [{ key: '' }, { key: 'имя', value: {} }] })),
  {
    // The last type is read, which has the points.
    ...mutateMetric('two types at once', () => ({ sum: { isMonotonic: true, dataPoints: [] } })),
    metrics: ['histogram', 'exponentialHistogram', 'summary'],
  },
  mutateTemporality('delta', { aggregationTemporality: 1 }),
  mutateTemporality('unspecified temporality', { aggregationTemporality: 0 }),
  mutateTemporality('unknown temporality', { aggregationTemporality: 7 }),
  mutateTemporality('delta, not monotonic', { aggregationTemporality: 1, isMonotonic: false }),
  {
    ...{ kind: 'metric: no data', types, empty: true },
    apply: (odd) => {
      // A field that no version of OTLP has, so that the metric has no data.
      (odd as { metricType: string }).metricType = 'none';
    },
  },
  {
    ...{ kind: 'metric: the type of another series of its name', types },
    apply: ({ metric }) => {
      metric.name = 'fuzz.one.name';
    },
  },
  {
    ...{ kind: 'metric: two points of one series and time', types },
    apply: (odd) => {
      odd.more = [{ ...odd.item, ...otherValue[odd.metricType] }];
    },
  },
  {
    ...{ kind: 'metric: the same point twice', types },
    apply: (odd) => {
      odd.more = [{ ...odd.item }];
    },
  },
  {
    ...{ kind: 'metric: points in falling order of time', types },
    apply: (odd) => {
      const at = BigInt(String(odd.item.timeUnixNano));
      const earlier = (point: Message, seconds: bigint) => ({
        ...point,
        timeUnixNano: String(at - seconds * 1_000_000_000n),
      });
      odd.more = [earlier(odd.item, 10n), earlier(odd.item, 20n)];
    },
  },
];

const otherValue: Readonly<Record<MetricType, object>> = {
  gauge: { asDouble: 99 },
  sum: { asDouble: 99 },
  histogram: { sum: 99 },
  exponentialHistogram: { sum: 99 },
  summary: { sum: 99 },
};
