import { invalidUtf8, type Mutation, timeMutations } from './mutation.ts';
import type { Message, MetricType } from './odd-item.ts';
import type { Random } from './random.ts';

const types = ['samples'] as const;
const max = '18446744073709551615';

/** A mutation of a data point. */
function mutate(
  kind: string,
  metrics: readonly [MetricType, ...MetricType[]] | undefined,
  change: (point: Message, random: Random) => object,
): Mutation {
  return {
    kind: `data point: ${kind}`,
    types,
    ...(metrics !== undefined && { metrics }),
    apply: ({ item }, random) => {
      Object.assign(item, change(item, random));
    },
  };
}

/** A mutation after which the buckets of an exponential histogram are not its count. */
const contradict = (
  kind: string,
  change: (point: Message, random: Random) => object,
): Mutation => ({
  ...mutate(kind, ['exponentialHistogram'], change),
  contradictory: true,
});

const numbers = ['gauge', 'sum'] as const;
const histogram = ['histogram'] as const;
const exponential = ['exponentialHistogram'] as const;
const summary = ['summary'] as const;
const withExemplars = ['gauge', 'sum', 'histogram', 'exponentialHistogram'] as const;
const notFinite = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const;

export const pointMutations: readonly Mutation[] = [
  ...timeMutations('timeUnixNano', types),
  ...timeMutations('startTimeUnixNano', types),
  { ...mutate('no attributes', undefined, () => ({ attributes: [] })), unmarked: true },
  mutate('no recorded value', undefined, () => ({ flags: 1 })),
  mutate('unknown flags', undefined, () => ({ flags: 0xfffffffe })),
  mutate('no value', numbers, () => ({ asDouble: undefined })),
  mutate('value that is not finite', numbers, (_, random) => ({
    asDouble: random.pick(notFinite),
  })),
  mutate('extreme value', numbers, (_, random) => ({
    asDouble: random.pick([Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -0, -1]),
  })),
  mutate('extreme integer', numbers, (_, random) => ({
    ...{ asDouble: undefined, asInt: random.pick(['9223372036854775807', '-9223372036854775808']) },
  })),
  mutate('two values', numbers, () => ({ asInt: '7' })),
  mutate('more buckets than bounds', histogram, () => ({ bucketCounts: [1, 1, 1, 1, 1, 1] })),
  mutate('fewer buckets than bounds', histogram, () => ({ bucketCounts: [6] })),
  mutate('bounds without buckets', histogram, () => ({ bucketCounts: [] })),
  mutate('buckets without bounds', histogram, () => ({ explicitBounds: [] })),
  mutate('no buckets', histogram, () => ({ bucketCounts: [], explicitBounds: [] })),
  mutate('bounds out of order', histogram, () => ({ explicitBounds: [5, 1] })),
  mutate('equal bounds', histogram, () => ({ explicitBounds: [5, 5] })),
  mutate('bounds that are not finite', histogram, (_, random) => ({
    explicitBounds: [1, random.pick(notFinite)],
  })),
  mutate('count that differs from its buckets', histogram, () => ({ count: 1 })),
  mutate('greatest counts', histogram, () => ({ count: max, bucketCounts: [max, max, max] })),
  mutate('many buckets', histogram, () => ({
    bucketCounts: Array.from({ length: 501 }, () => 1),
    explicitBounds: Array.from({ length: 500 }, (_, index) => index),
    count: 501,
  })),
  mutate(
    'sum that is not finite',
    ['histogram', 'exponentialHistogram', 'summary'],
    (_, random) => ({
      sum: random.pick(notFinite),
    }),
  ),
  mutate('no sum, no extremes', ['histogram', 'exponentialHistogram'], () => ({
    ...{ sum: undefined, min: undefined, max: undefined },
  })),
  mutate('min above max', ['histogram', 'exponentialHistogram'], () => ({ min: 9, max: -9 })),
  mutate('low scale', exponential, (_, random) => ({
    scale: random.pick([-5, -10, -11, -100, -2_147_483_648]),
  })),
  mutate('high scale', exponential, (_, random) => ({
    scale: random.pick([9, 20, 21, 100, 2_147_483_647]),
  })),
  contradict('extreme offset', (_, random) => ({
    positive: { offset: random.pick([2_147_483_647, -2_147_483_648]), bucketCounts: [1, 2] },
  })),
  contradict('no buckets, exponential', () => ({
    ...{ positive: undefined, negative: {} },
  })),
  contradict('many buckets, exponential', (_, random) => {
    const size = random.pick([161, 1000, 10_000]);
    return { count: size, positive: { bucketCounts: Array.from({ length: size }, () => 1) } };
  }),
  contradict('buckets far apart, exponential', () => ({
    positive: { bucketCounts: [1, ...Array.from({ length: 300 }, () => 0), 1] },
  })),
  contradict('greatest counts, exponential', () => ({
    ...{ count: max, zeroCount: max, positive: { bucketCounts: [max, max] } },
  })),
  contradict('count that differs from its buckets, exponential', () => ({ count: 1 })),
  mutate('odd zero threshold', exponential, (_, random) => ({
    zeroThreshold: random.pick([-1, 1e300, ...notFinite]),
  })),
  mutate('odd quantiles', summary, () => ({
    quantileValues: [
      ...[-1, 2, Number.NaN, 0.5, 0.5].map((quantile) => ({ quantile, value: 1 })),
      {},
    ],
  })),
  mutate('no quantiles', summary, () => ({ quantileValues: [] })),
  mutate('exemplar without a value', withExemplars, ({ timeUnixNano }) => ({
    exemplars: [{ timeUnixNano }],
  })),
  mutate('exemplar of another time', withExemplars, (_, random) => ({
    exemplars: [{ timeUnixNano: random.pick(['0', max]), asDouble: 1 }],
  })),
  mutate('exemplar with odd attributes', withExemplars, ({ timeUnixNano }, random) => ({
    exemplars: [
      {
        ...{ timeUnixNano, asDouble: random.pick(notFinite) },
        filteredAttributes: [
          { key: random.pick(['', 'имя', 'k'.repeat(300), invalidUtf8]) },
          { key: 'long', value: { stringValue: 'v'.repeat(200) } },
        ],
      },
    ],
  })),
  mutate('exemplar with ids of wrong length', withExemplars, ({ timeUnixNano }, random) => ({
    exemplars: [{ timeUnixNano, asDouble: 1, traceId: random.bytes(3), spanId: random.bytes(3) }],
  })),
  mutate('many exemplars', withExemplars, ({ timeUnixNano }) => ({
    exemplars: Array.from({ length: 300 }, (_, asDouble) => ({ timeUnixNano, asDouble })),
  })),
];
