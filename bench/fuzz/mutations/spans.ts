import { keyValues } from '../../../ops/stores/otlp.ts';
import { invalidUtf8, type Mutation, timeMutations } from './mutation.ts';
import type { Message } from './odd-item.ts';
import type { Random } from './random.ts';

const types = ['spans'] as const;

/** A mutation of a span. */
function mutate(kind: string, change: (span: Message, random: Random) => object): Mutation {
  return {
    kind: `span: ${kind}`,
    types,
    apply: ({ item }, random) => {
      Object.assign(item, change(item, random));
    },
  };
}

export const spanMutations: readonly Mutation[] = [
  ...timeMutations('startTimeUnixNano', types),
  ...timeMutations('endTimeUnixNano', types),
  mutate('trace id of zeros', () => ({ traceId: Buffer.alloc(16) })),
  mutate('no trace id', () => ({ traceId: Buffer.alloc(0) })),
  mutate('trace id of wrong length', (_, random) => ({
    traceId: random.bytes(random.pick([1, 8, 15, 17, 32])),
  })),
  mutate('span id of zeros', () => ({ spanId: Buffer.alloc(8) })),
  mutate('no span id', () => ({ spanId: Buffer.alloc(0) })),
  mutate('span id of wrong length', (_, random) => ({
    spanId: random.bytes(random.pick([1, 7, 9, 16])),
  })),
  mutate('no ids', () => ({ traceId: undefined, spanId: undefined })),
  mutate('parent of wrong length', (_, random) => ({ parentSpanId: random.bytes(3) })),
  mutate('its own parent', ({ spanId }) => ({ parentSpanId: spanId })),
  mutate('parent of zeros', () => ({ parentSpanId: Buffer.alloc(8) })),
  mutate('unknown kind', (_, random) => ({ kind: random.pick([-1, 0, 6, 99, 2_147_483_647]) })),
  mutate('unknown status', (_, random) => ({ status: { code: random.pick([-1, 3, 99]) } })),
  mutate('status message', (_, random) => ({
    status: { code: 2, message: random.pick(['m'.repeat(70_000), invalidUtf8, 'ошибка']) },
  })),
  mutate('odd name', (_, random) => ({
    name: random.pick(['', 'имя', invalidUtf8, '\u0000', '{}"\\', 'n'.repeat(5000)]),
  })),
  mutate('huge name', () => ({ name: 'n'.repeat(1_100_000) })),
  mutate('trace state', (_, random) => ({
    traceState: random.pick(['=,=', 's'.repeat(70_000), invalidUtf8]),
  })),
  mutate('many events', (_, random) => ({
    events: Array.from({ length: random.pick([200, 2000]) }, () => ({ name: 'event' })),
  })),
  mutate('odd events', (_, random) => ({
    events: [
      {},
      { name: '', timeUnixNano: '0' },
      { name: invalidUtf8, timeUnixNano: '18446744073709551615' },
      { name: 'x', attributes: [{ key: '' }, { key: 'имя', value: {} }] },
      { name: 'x'.repeat(random.pick([10, 70_000])) },
    ],
  })),
  mutate('odd links', (_, random) => ({
    links: [
      {},
      { traceId: Buffer.alloc(16), spanId: Buffer.alloc(8) },
      { traceId: random.bytes(16), traceState: invalidUtf8, attributes: keyValues({ '': 'x' }) },
    ],
  })),
  mutate('link ids of wrong length', (_, random) => ({ links: [{ traceId: random.bytes(3) }] })),
  mutate('flags and dropped counts', () => ({
    ...{ flags: 0xffffffff, droppedAttributesCount: 0xffffffff, droppedEventsCount: 0xffffffff },
  })),
  mutate('no attributes', () => ({ attributes: [] })),
  {
    ...{ kind: 'span: the same span twice', types },
    apply: (odd) => {
      odd.more = [{ ...odd.item }];
    },
  },
  {
    ...{ kind: 'span: two spans with one id', types },
    apply: (odd) => {
      odd.more = [{ ...odd.item, kind: 2 }];
    },
  },
];
