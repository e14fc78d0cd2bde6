import { severityNumbers } from '../../../ops/stores/otlp.ts';
import { invalidUtf8, type Mutation, oddTimes, timeMutations } from './mutation.ts';
import type { Message } from './odd-item.ts';
import type { Random } from './random.ts';

const types = ['logs'] as const;

/** A mutation of a log record. */
function mutate(kind: string, change: (record: Message, random: Random) => object): Mutation {
  return {
    kind: `log record: ${kind}`,
    types,
    apply: ({ item }, random) => {
      Object.assign(item, change(item, random));
    },
  };
}

const bodyText = ({ body }: Message) => (body as { stringValue: string }).stringValue;
const long = (length: number) => (record: Message) => ({
  body: { stringValue: bodyText(record) + 'y'.repeat(length) },
});

export const logMutations: readonly Mutation[] = [
  ...timeMutations('timeUnixNano', types),
  ...Object.entries(oddTimes).map(([what, time]) =>
    mutate(`only an observed time: ${what}`, ({ timeUnixNano }) => ({
      ...{ timeUnixNano: '0', observedTimeUnixNano: time(BigInt(String(timeUnixNano))) },
    })),
  ),
  mutate('no body', () => ({ body: undefined })),
  mutate('body without a value', () => ({ body: {} })),
  mutate('empty body', () => ({ body: { stringValue: '' } })),
  mutate('body that is not UTF-8', (record) => ({
    body: { stringValue: `${bodyText(record)}${invalidUtf8}` },
  })),
  mutate('body of control characters', (record) => ({
    body: { stringValue: `${bodyText(record)}\u0000\u001b[0m\r\n\n` },
  })),
  mutate('body of 300 kB', long(300_000)),
  mutate('body of 3 MB', long(3_000_000)),
  mutate('body of bytes', (record) => ({ body: { bytesValue: Buffer.from(bodyText(record)) } })),
  mutate('body of a map', (record) => ({
    body: {
      kvlistValue: {
        values: [
          { key: '', value: { stringValue: bodyText(record) } },
          { key: 'имя', value: { doubleValue: Number.NaN } },
          { key: 'a' },
        ],
      },
    },
  })),
  mutate('body of a number', () => ({ body: { doubleValue: Number.POSITIVE_INFINITY } })),
  mutate('unknown severity', (_, random) => ({
    severityNumber: random.pick([-1, 0, 25, 99, 2_147_483_647, -2_147_483_648]),
  })),
  mutate('severity text', (_, random) => ({
    severityText: random.pick(['', 'ошибка', 'x'.repeat(70_000), invalidUtf8, 'Fehler']),
  })),
  mutate('number and text of severity differ', () => ({
    ...{ severityNumber: severityNumbers.ERROR, severityText: 'INFO' },
  })),
  mutate('trace id of wrong length', (_, random) => ({
    traceId: random.bytes(random.pick([1, 15, 17])),
  })),
  mutate('span id of wrong length', (_, random) => ({
    spanId: random.bytes(random.pick([1, 7, 9])),
  })),
  mutate('ids of zeros', () => ({ traceId: Buffer.alloc(16), spanId: Buffer.alloc(8) })),
  mutate('span id without a trace id', () => ({ traceId: undefined })),
  mutate('flags and dropped count', () => ({
    ...{ flags: 0xffffffff, droppedAttributesCount: 0xffffffff },
  })),
  mutate('event name', (_, random) => ({
    eventName: random.pick(['', 'имя', 'e'.repeat(70_000), invalidUtf8]),
  })),
  mutate('no attributes', () => ({ attributes: [] })),
];
