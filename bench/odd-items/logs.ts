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

type Log = Omit<OddItem, 'signal' | 'item'> & { readonly record?: (sent: Sent) => object };

const many = (count: number) => Array.from({ length: count }, (_, i) => text(`a${i}`, 'x'));
const attributes =
  (...list: object[]) =>
  () => ({ attributes: list });
const body = (value: object) => ({ body: value });
const line = (sent: Sent, more = '') => body({ stringValue: `${sent.marker} ${more}` });

/** A map of maps with 2^depth values. */
const nested = (depth: number): object =>
  depth === 0
    ? { stringValue: 'leaf' }
    : {
        kvlistValue: {
          values: ['a', 'b'].map((key) => ({ key: `${key}${depth}`, value: nested(depth - 1) })),
        },
      };

const keyName = (key: string) => (key === '' ? 'with the empty text' : `\`${key}\``);

const names: readonly Log[] = [
  ...['用户', '_', '...', '____', ''].map(
    (key): Log => ({
      what: `an attribute of a record named ${keyName(key)}`,
      outcome: changed('the attribute as `attribute_` and the MD5 of its name'),
      record: attributes(text(key, 'x')),
      find: () => `| ${renamed(key)}="x"`,
    }),
  ),
  ...['用户', '_', ''].map(
    (key): Log => ({
      what: `an attribute of a resource named ${keyName(key)}`,
      outcome: changed('the attribute renamed likewise'),
      resource: () => [text(key, 'x')],
      find: () => `| ${renamed(key)}="x"`,
    }),
  ),
  {
    what: 'an attribute of a scope named `用户`',
    outcome: changed('the attribute renamed likewise'),
    scope: () => ({ name: 'odd', attributes: [text('用户', 'x')] }),
    find: () => `| ${renamed('用户')}="x"`,
  },
  {
    what: 'attributes whose names differ only in `.` and `_`',
    outcome: changed('one of the two attributes'),
    record: attributes(text('a.b', 'x'), text('a_b', 'y')),
  },
  {
    what: 'an attribute name of 100 KB',
    outcome: stored,
    record: attributes(text('k'.repeat(100_000), 'x')),
  },
];

const sizes: readonly Log[] = [
  {
    what: 'an attribute of 70 KB, such as a stack trace',
    outcome: stored,
    record: attributes(text('exception.stacktrace', 's'.repeat(70_000))),
    find: () => '| exception_stacktrace=~"s{65}.*"',
  },
  {
    what: 'an attribute of 3.5 MB',
    outcome: changed('the attribute cut to 256 KiB'),
    record: attributes(text('big', 's'.repeat(3_500_000))),
    find: () => '| big=~"s{65}.*"',
  },
  {
    what: 'a record with 140 attributes',
    outcome: stored,
    record: attributes(...many(140)),
    find: () => '| a139="x"',
  },
  {
    what: 'a map of 256 values as an attribute',
    outcome: stored,
    record: attributes({ key: 'map', value: nested(8) }),
    find: () => '| map_a8_a7_a6_a5_a4_a3_a2_a1="leaf"',
  },
  {
    what: 'a line above 256 KiB',
    outcome: changed('cut to 256 KiB'),
    record: (sent) => line(sent, 'x'.repeat(400_000)),
  },
  {
    what: 'a line of 3.5 MB',
    outcome: changed('cut to 256 KiB'),
    record: (sent) => line(sent, 'x'.repeat(3_500_000)),
  },
  {
    what: 'a service name of 3 KB',
    outcome: changed('cut to 2 KiB'),
    resource: () => [text('service.name', 'n'.repeat(3000))],
  },
  {
    what: 'a resource with an attribute of 100 KB',
    outcome: changed('the attribute cut to 2 KiB'),
    resource: () => [text('process.command_line', 'c'.repeat(100_000))],
    find: () => '| process_command_line=~"c{65}.*"',
  },
  {
    what: 'a resource with a number that is NaN and an attribute of 100 KB',
    outcome: changed('the attribute cut to 2 KiB'),
    resource: () => [
      { key: 'ratio', value: { doubleValue: 'NaN' } },
      text('process.command_line', 'c'.repeat(100_000)),
    ],
  },
  {
    what: 'a resource with 200 attributes',
    outcome: stored,
    resource: () => many(200),
    find: () => '| a199="x"',
  },
  {
    what: 'a resource whose attributes have more than 16 KB in all',
    outcome: changed('32 of its attributes, each cut to 256 bytes'),
    resource: () => Array.from({ length: 60 }, (_, i) => text(`a${i}`, 'y'.repeat(1000))),
    find: () => '| a0=~"y+"',
  },
  {
    what: 'a scope name of 100 KB',
    outcome: changed('the name cut to 2 KiB'),
    scope: () => ({ name: 's'.repeat(100_000) }),
  },
];

const times: readonly Log[] = [
  {
    what: 'a record 90 minutes behind its stream',
    outcome: stored,
    record: ({ at }) => ({ timeUnixNano: nanoseconds(at - 90 * minute) }),
  },
  {
    what: 'a record from 20 hours ago',
    outcome: stored,
    record: ({ at }) => ({ timeUnixNano: nanoseconds(at - 20 * hour) }),
  },
  {
    what: 'a record older than Loki keeps',
    outcome: dropped('tooOld'),
    record: ({ at }) => ({ timeUnixNano: nanoseconds(at - 400 * day) }),
  },
  {
    what: 'a record from a quarter of an hour ahead',
    outcome: changed('at the time of its arrival, with the attribute `original_time_unix_nano`'),
    record: ({ at }) => ({ timeUnixNano: nanoseconds(at + 15 * minute) }),
    find: ({ at }) => `| original_time_unix_nano="${nanoseconds(at + 15 * minute)}"`,
  },
  {
    what: 'a record with only an observed time, from two days ahead',
    outcome: changed('at the time of its arrival'),
    record: ({ at }) => ({ timeUnixNano: '0', observedTimeUnixNano: nanoseconds(at + 2 * day) }),
  },
  {
    what: 'a record without a time',
    outcome: changed('at the time of its arrival'),
    record: () => ({ timeUnixNano: '0' }),
  },
  {
    what: 'a record with the largest possible time',
    outcome: changed('at the time of its arrival'),
    record: () => ({ timeUnixNano: '18446744073709551615' }),
  },
];

/** Severities, all of errors, and the level that Loki gives them. */
const severities = [
  [17, 'SEVERE', 'error'],
  [21, 'emerg', 'fatal'],
  [18, 'crit', 'error'],
  [17, 'ERROR+2', 'error'],
  [17, 'Ошибка', 'error'],
  [0, 'SEVERE', 'error'],
  [0, 'panic', 'fatal'],
  [0, 'E', 'error'],
  [99, 'err', 'error'],
] as const;

const contents: readonly Log[] = [
  ...severities.map(
    ([severityNumber, severityText, level]): Log => ({
      what: `the severity number ${severityNumber} with the text \`${severityText}\``,
      outcome: changed(`\`detected_level="${level}"\``),
      record: () => ({ severityNumber, severityText }),
      find: () => `| detected_level="${level}"`,
    }),
  ),
  {
    what: 'the severity number 17 with an attribute `level` of 50, as pino sends it',
    outcome: changed('`detected_level="error"`'),
    record: () => ({
      severityNumber: 17,
      attributes: [{ key: 'level', value: { intValue: '50' } }],
    }),
    find: () => '| detected_level="error"',
  },
  {
    what: 'a line that is not UTF-8',
    outcome: changed('invalid bytes replaced by `�`'),
    record: (sent) => line(sent, brokenText),
  },
  {
    what: 'an attribute that is not UTF-8',
    outcome: changed('invalid bytes removed'),
    record: attributes(text('broken', brokenText)),
  },
  {
    what: 'an attribute name that is not UTF-8',
    outcome: changed('invalid bytes replaced by `_`'),
    record: attributes(text(`broken.${brokenText}`, 'x')),
  },
  {
    what: 'a service name that is not UTF-8',
    outcome: changed('invalid bytes replaced by `?`'),
    resource: () => [text('service.name', `odd ${brokenText}`)],
  },
  {
    what: 'a body that is a map',
    outcome: changed('as JSON'),
    record: ({ marker }) => body({ kvlistValue: { values: [text('a', marker)] } }),
  },
  {
    what: 'a body that is a list',
    outcome: changed('as JSON'),
    record: ({ marker }) => body({ arrayValue: { values: [{ stringValue: marker }, {}] } }),
  },
  {
    what: 'a record without a body',
    outcome: stored,
    record: ({ marker }) => ({ body: undefined, attributes: [text('marker', marker)] }),
    find: ({ marker }) => `| marker="${marker}"`,
  },
  {
    what: 'a trace id and a span id of zeros',
    outcome: changed('without them'),
    record: () => ({ traceId: '0'.repeat(32), spanId: '0'.repeat(16) }),
  },
];

export const oddLogs: readonly OddItem[] = [...names, ...sizes, ...times, ...contents].map(
  ({ record, ...log }) => ({
    signal: 'logs',
    ...log,
    item: (sent) => ({ timeUnixNano: nanoseconds(sent.at), ...line(sent), ...record?.(sent) }),
  }),
);
