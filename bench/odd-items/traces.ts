import { nanoseconds } from '../../ops/stores/otlp.ts';
import {
  brokenText,
  changed,
  day,
  dropped,
  hour,
  minute,
  type OddItem,
  type Sent,
  stored,
  text,
  traceIdOf,
} from './odd-item.ts';

type Trace = Omit<OddItem, 'signal' | 'item'> & { readonly span?: (sent: Sent) => object };

const zeros = (digits: number) => '0'.repeat(digits);
const attributes =
  (...list: object[]) =>
  ({ marker }: Sent) => ({ attributes: [text('marker', marker), ...list] });
const times = (start: number, end: number) => ({
  startTimeUnixNano: nanoseconds(start),
  endTimeUnixNano: nanoseconds(end),
});

const ids: readonly Trace[] = [
  {
    what: 'a span id of zeros',
    outcome: changed('with a hash of the span as its id'),
    span: () => ({ spanId: zeros(16) }),
  },
  {
    what: 'a span without an id',
    outcome: changed('with a hash of the span as its id'),
    span: () => ({ spanId: '' }),
  },
  {
    what: 'a trace id of zeros',
    outcome: changed('with a hash of the span as its trace id'),
    span: () => ({ traceId: zeros(32) }),
  },
  {
    what: 'a span id of zeros and an attribute that is NaN',
    outcome: changed('with a hash of the span as its id'),
    span: ({ marker }) => ({
      spanId: zeros(16),
      attributes: [text('marker', marker), { key: 'ratio', value: { doubleValue: 'NaN' } }],
    }),
  },
  {
    what: 'a span without a trace id',
    outcome: changed('with a hash of the span as its trace id'),
    span: () => ({ traceId: '' }),
  },
  {
    what: 'a span that is its own parent',
    outcome: stored,
    span: () => ({ spanId: 'ab'.repeat(8), parentSpanId: 'ab'.repeat(8) }),
  },
  {
    what: 'a link with ids of zeros',
    outcome: stored,
    span: () => ({ links: [{ traceId: zeros(32), spanId: zeros(16) }] }),
  },
];

const sizes: readonly Trace[] = [
  ...[1_000_000, 3_500_000].map(
    (bytes): Trace => ({
      what: `a span with an attribute of ${bytes / 1e6} MB`,
      outcome: changed('the attribute cut to 2 KiB'),
      span: attributes(text('gen_ai.prompt', 'z'.repeat(bytes))),
    }),
  ),
  {
    what: 'a span with 2000 attributes',
    outcome: stored,
    span: attributes(...Array.from({ length: 2000 }, (_, i) => text(`a${i}`, 'x'))),
  },
  {
    what: 'a span with 5000 events',
    outcome: stored,
    span: ({ at }) => ({
      events: Array.from({ length: 5000 }, (_, i) => ({
        timeUnixNano: nanoseconds(at),
        name: `e${i}`,
      })),
    }),
  },
  { what: 'a span name of 100 KB', outcome: stored, span: () => ({ name: 'n'.repeat(100_000) }) },
  {
    what: 'a span with a resource of 100 KB',
    outcome: changed('the attribute cut to 2 KiB'),
    resource: () => [text('process.command_line', 'c'.repeat(100_000))],
  },
  {
    what: 'a span above 5 MB, all its attributes cut',
    outcome: dropped('traceTooLarge'),
    span: attributes(...Array.from({ length: 3000 }, (_, i) => text(`a${i}`, 'x'.repeat(2000)))),
  },
];

const clocks: readonly Trace[] = [
  {
    what: 'a span from 10 minutes ago',
    outcome: stored,
    span: ({ at }) => times(at - 10 * minute, at - 10 * minute),
  },
  {
    what: 'a span from 20 hours ago',
    outcome: stored,
    span: ({ at }) => times(at - 20 * hour, at - 20 * hour),
  },
  {
    what: 'a span from two days ahead',
    outcome: stored,
    span: ({ at }) => times(at + 2 * day, at + 2 * day),
  },
  {
    what: 'a span that ends before it starts',
    outcome: stored,
    span: ({ at }) => times(at, at - minute),
  },
  {
    what: 'a span without times',
    outcome: stored,
    span: () => ({ startTimeUnixNano: '0', endTimeUnixNano: '0' }),
  },
  {
    what: 'a span with the largest possible times',
    outcome: changed('at the time of its arrival'),
    span: () => ({
      startTimeUnixNano: '18446744073709551615',
      endTimeUnixNano: '18446744073709551615',
    }),
  },
];

const contents: readonly Trace[] = [
  { what: 'a span without a name', outcome: stored, span: () => ({ name: '' }) },
  {
    what: 'a span of an undefined kind and status',
    outcome: stored,
    span: () => ({ kind: 77, status: { code: 77 } }),
  },
  {
    what: 'an attribute of a span named `用户` and with the empty text',
    outcome: stored,
    span: attributes(text('用户', 'x'), text('', 'y')),
  },
  {
    what: 'a span name that is not UTF-8',
    outcome: stored,
    span: () => ({ name: `odd ${brokenText}` }),
  },
  {
    what: 'an attribute of a span that is not UTF-8',
    outcome: stored,
    span: attributes(text('broken', brokenText)),
  },
  {
    what: 'a service name of a span that is not UTF-8',
    outcome: changed('invalid bytes replaced by `?`'),
    resource: () => [text('service.name', `odd ${brokenText}`)],
  },
];

export const oddTraces: readonly OddItem[] = [...ids, ...sizes, ...clocks, ...contents].map(
  ({ span, ...trace }) => ({
    signal: 'traces',
    ...trace,
    item: (sent) => ({
      ...{ traceId: traceIdOf(sent), spanId: sent.marker, name: 'odd', kind: 2 },
      ...times(sent.at - 1, sent.at),
      attributes: [text('marker', sent.marker)],
      ...span?.(sent),
    }),
  }),
);
