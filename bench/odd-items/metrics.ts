import { nanoseconds } from '../../ops/stores/otlp.ts';
import {
  brokenText,
  changed,
  day,
  dropped,
  hour,
  minute,
  type OddItem,
  renamed,
  type Sent,
  stored,
  text,
} from './odd-item.ts';

type Metric = Omit<OddItem, 'signal' | 'item'> & { readonly item: OddItem['item'] };

const selector = ({ marker }: Sent) => `{marker="${marker}"}`;
const marked = ({ marker }: Sent, ...more: object[]) => [text('marker', marker), ...more];

const point = (sent: Sent, more: object = {}) => ({
  timeUnixNano: nanoseconds(sent.at),
  asDouble: 1,
  attributes: marked(sent),
  ...more,
});
const gauge = (sent: Sent, more: object = {}, name = 'odd.gauge') => ({
  name,
  gauge: { dataPoints: [point(sent, more)] },
});
const labelled = (sent: Sent, ...more: object[]) =>
  gauge(sent, { attributes: marked(sent, ...more) });

/** Two points a second apart, of one series. */
const pair = (sent: Sent, values: object) =>
  [1000, 0].map((ago) => ({
    startTimeUnixNano: nanoseconds(sent.at - ago - 1000),
    timeUnixNano: nanoseconds(sent.at - ago),
    attributes: marked(sent),
    ...values,
  }));

const buckets = { count: '3', sum: 0.6, bucketCounts: ['1', '2', '0'], explicitBounds: [0.1, 1] };
const exponential = {
  count: '3',
  sum: 6,
  scale: 2,
  positive: { offset: 4, bucketCounts: ['1', '2'] },
};

const expo = (sent: Sent, more: object) => ({
  name: 'odd.exponential',
  exponentialHistogram: {
    aggregationTemporality: 2,
    dataPoints: [point(sent, { ...exponential, ...more })],
  },
});
const histogram = (sent: Sent, more: object) => ({
  name: 'odd.histogram',
  histogram: { aggregationTemporality: 2, dataPoints: [point(sent, { ...buckets, ...more })] },
});

const temporality: readonly Metric[] = [
  {
    what: 'a counter of delta temporality',
    outcome: changed('as a cumulative counter'),
    item: (sent) => ({
      name: 'odd.delta',
      sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints: pair(sent, { asInt: '5' }) },
    }),
    find: (sent) => `odd_delta_total${selector(sent)}`,
    value: 10,
  },
  {
    what: 'an up-down counter of delta temporality',
    outcome: changed('as a cumulative sum'),
    item: (sent) => ({
      name: 'odd.updown',
      sum: { aggregationTemporality: 1, dataPoints: pair(sent, { asDouble: -2 }) },
    }),
    find: (sent) => `odd_updown${selector(sent)}`,
    value: -4,
  },
  {
    what: 'a histogram of delta temporality',
    outcome: changed('as a cumulative histogram'),
    item: (sent) => ({
      name: 'odd.delta.histogram',
      histogram: { aggregationTemporality: 1, dataPoints: pair(sent, buckets) },
    }),
    find: (sent) => `odd_delta_histogram_count${selector(sent)}`,
    value: 6,
  },
  {
    what: 'an exponential histogram of delta temporality',
    outcome: changed('as a cumulative histogram'),
    item: (sent) => ({
      name: 'odd.delta.exponential',
      exponentialHistogram: { aggregationTemporality: 1, dataPoints: pair(sent, exponential) },
    }),
    find: (sent) => `histogram_count(odd_delta_exponential${selector(sent)})`,
    value: 6,
  },
  {
    what: 'a counter of delta temporality whose second sample is the older one',
    outcome: dropped('olderStart'),
    item: (sent) => ({
      name: 'odd.delta.order',
      sum: { aggregationTemporality: 1, dataPoints: pair(sent, { asInt: '5' }).reverse() },
    }),
    find: (sent) => `odd_delta_order${selector(sent)} > 5`,
  },
  {
    what: 'a sum without temporality',
    outcome: changed('as a cumulative sum'),
    item: (sent) => ({ name: 'odd.unspecified', sum: { dataPoints: [point(sent)] } }),
  },
  {
    what: 'a sum of an undefined temporality',
    outcome: changed('as a cumulative sum'),
    item: (sent) => ({
      name: 'odd.undefined',
      sum: { aggregationTemporality: 7, dataPoints: [point(sent)] },
    }),
  },
  {
    what: 'a histogram without temporality',
    outcome: changed('as a cumulative histogram'),
    item: (sent) => ({
      name: 'odd.unspecified.histogram',
      histogram: { dataPoints: [point(sent, buckets)] },
    }),
    find: (sent) => `odd_unspecified_histogram_count${selector(sent)}`,
    value: 3,
  },
];

const names: readonly Metric[] = [
  {
    what: 'a metric without a name',
    outcome: changed('as `metric`'),
    item: (sent) => gauge(sent, {}, ''),
    find: (sent) => `metric${selector(sent)}`,
  },
  {
    what: 'a metric whose name has no letter or digit of ASCII, such as `訂單`',
    outcome: changed('as `metric_` and the name in base64'),
    item: (sent) => gauge(sent, {}, '訂單'),
    find: (sent) => `metric_6KiC5Zau${selector(sent)}`,
  },
  {
    what: 'a metric named `...`',
    outcome: changed('as `metric_Li4u`'),
    item: (sent) => gauge(sent, {}, '...'),
    find: (sent) => `metric_Li4u${selector(sent)}`,
  },
  ...['地区', '_', '...', '____', ''].map(
    (key): Metric => ({
      what: `an attribute of a sample named ${key === '' ? 'with the empty text' : `\`${key}\``}`,
      outcome: changed('the attribute as `attribute_` and the MD5 of its name'),
      item: (sent) => labelled(sent, text(key, 'x')),
      find: ({ marker }) => `{marker="${marker}", ${renamed(key)}="x"}`,
    }),
  ),
  {
    what: 'a resource with attributes named `用户` and with the empty text',
    outcome: changed('renamed likewise'),
    item: gauge,
    resource: () => [text('用户', 'x'), text('', 'y')],
  },
  {
    what: 'an attribute of a sample twice',
    outcome: changed('the values joined by `;`'),
    item: (sent) => labelled(sent, text('twice', 'a'), text('twice', 'b')),
    find: ({ marker }) => `{marker="${marker}", twice="a;b"}`,
  },
  {
    what: 'attributes named `__name__`, `job`, `instance` and `le`',
    outcome: stored,
    item: (sent) =>
      labelled(sent, ...['__name__', 'job', 'instance', 'le'].map((key) => text(key, 'x'))),
    find: (sent) => `odd_gauge${selector(sent)}`,
  },
  {
    what: 'a sample with 300 attributes',
    outcome: stored,
    item: (sent) => labelled(sent, ...Array.from({ length: 300 }, (_, i) => text(`a${i}`, 'x'))),
  },
  {
    what: '5000 series at once',
    outcome: stored,
    item: (sent) => ({
      name: 'odd.many',
      gauge: {
        dataPoints: Array.from({ length: 5000 }, (_, i) =>
          point(sent, { attributes: marked(sent, text('id', String(i))) }),
        ),
      },
    }),
    find: (sent) => `count(odd_many${selector(sent)})`,
    value: 5000,
  },
  {
    what: 'an attribute value of 100 KB',
    outcome: stored,
    item: (sent) => labelled(sent, text('big', 'x'.repeat(100_000))),
  },
  {
    what: 'a scope name of 100 KB',
    outcome: changed('the name cut to 2 KiB'),
    item: (sent) => gauge(sent),
    scope: () => ({ name: 's'.repeat(100_000) }),
    find: (sent) => `{marker="${sent.marker}", otel_scope_name="${'s'.repeat(2048)}"}`,
  },
  {
    what: 'an attribute of a scope named `用户`',
    outcome: changed('the attribute renamed likewise'),
    item: (sent) => gauge(sent),
    scope: () => ({ name: 'odd', attributes: [text('用户', 'x')] }),
  },
  {
    what: 'a scope with 200 attributes of 100 bytes',
    outcome: changed('32 of the attributes of its scope'),
    item: (sent) => gauge(sent),
    scope: () => ({
      name: 'odd',
      attributes: Array.from({ length: 200 }, (_, i) => text(`a${i}`, 'x'.repeat(100))),
    }),
  },
  {
    what: 'an attribute of a sample that is not UTF-8',
    outcome: stored,
    item: (sent) => labelled(sent, text('broken', brokenText)),
  },
];

const times: readonly Metric[] = [
  {
    what: 'a sample without a time',
    outcome: changed('at the time of its arrival'),
    item: (sent) => gauge(sent, { timeUnixNano: '0' }),
  },
  {
    what: 'a sample from a quarter of an hour ahead',
    outcome: changed('at the time of its arrival'),
    item: (sent) => gauge(sent, { timeUnixNano: nanoseconds(sent.at + 15 * minute) }),
  },
  {
    what: 'a sample from two days ahead',
    outcome: changed('at the time of its arrival'),
    item: (sent) => gauge(sent, { timeUnixNano: nanoseconds(sent.at + 2 * day) }),
  },
  {
    what: 'a sample from 20 hours ago',
    outcome: stored,
    item: (sent) => gauge(sent, { timeUnixNano: nanoseconds(sent.at - 20 * hour) }),
    find: ({ marker }) => `last_over_time({marker="${marker}"}[21h])`,
  },
  {
    what: 'a sample from two days ago',
    outcome: dropped('invalid'),
    item: (sent) => gauge(sent, { timeUnixNano: nanoseconds(sent.at - 2 * day) }),
  },
  {
    what: 'a sample with the largest possible time',
    outcome: changed('at the time of its arrival'),
    item: (sent) => gauge(sent, { timeUnixNano: '18446744073709551615' }),
  },
  {
    what: 'two samples of one series at the same time',
    outcome: changed('the first of them'),
    item: (sent) => ({
      name: 'odd.same.time',
      gauge: { dataPoints: [point(sent), point(sent, { asDouble: 2 })] },
    }),
  },
];

const values: readonly Metric[] = [
  {
    what: 'a sample with the value NaN',
    outcome: stored,
    item: (sent) => gauge(sent, { asDouble: 'NaN' }),
  },
  {
    what: 'an infinite sample',
    outcome: stored,
    item: (sent) => gauge(sent, { asDouble: '-Infinity' }),
    find: (sent) => `odd_gauge${selector(sent)} == -Inf`,
  },
  {
    what: 'a sample without a value',
    outcome: changed('as 0'),
    item: (sent) => gauge(sent, { asDouble: undefined }),
    value: 0,
  },
  {
    what: 'an exemplar without a value',
    outcome: changed('the exemplar with the value 0'),
    item: (sent) =>
      gauge(sent, {
        exemplars: [{ timeUnixNano: nanoseconds(sent.at), traceId: 'ab'.repeat(16) }],
      }),
  },
  {
    what: 'a histogram without buckets',
    outcome: stored,
    item: (sent) => histogram(sent, { bucketCounts: [], explicitBounds: [] }),
    find: (sent) => `odd_histogram_count${selector(sent)}`,
    value: 3,
  },
  {
    what: 'a histogram with more bounds than buckets',
    outcome: stored,
    item: (sent) => histogram(sent, { explicitBounds: [1, 2, 3, 4, 5] }),
    find: (sent) => `odd_histogram_count${selector(sent)}`,
  },
  {
    what: 'a histogram with the same bound twice',
    outcome: stored,
    item: (sent) => histogram(sent, { explicitBounds: [1, 1] }),
    find: (sent) => `odd_histogram_count${selector(sent)}`,
  },
  {
    what: 'an exponential histogram of scale 20',
    outcome: changed('at scale 8'),
    item: (sent) => expo(sent, { scale: 20 }),
    find: (sent) => `histogram_count(odd_exponential${selector(sent)})`,
    value: 3,
  },
  {
    what: 'an exponential histogram of a scale below -4',
    outcome: dropped('invalid'),
    item: (sent) => expo(sent, { scale: -5 }),
  },
  {
    what: 'a summary without quantiles',
    outcome: stored,
    item: (sent) => ({
      name: 'odd.summary',
      summary: { dataPoints: [point(sent, { count: '2', sum: 3, asDouble: undefined })] },
    }),
    find: (sent) => `odd_summary_count${selector(sent)}`,
    value: 2,
  },
];

export const oddMetrics: readonly OddItem[] = [...temporality, ...names, ...times, ...values].map(
  (metric) => ({ signal: 'metrics', ...metric }),
);
