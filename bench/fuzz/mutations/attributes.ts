import { invalidUtf8, type Mutation } from './mutation.ts';
import type { KeyValue, MutatedItem } from './odd-item.ts';
import type { Random } from './random.ts';

const text = (stringValue: string) => ({ stringValue });

const keys = (names: readonly string[]) => (random: Random) => [
  { key: random.pick(names) ?? '', value: text('x') },
];

const value = (make: (random: Random) => object | undefined) => (random: Random) => [
  { key: 'odd.value', value: make(random) },
];

const size = (random: Random, ...sizes: [number, ...number[]]) => random.pick(sizes);

function nested(depth: number, wrap: (inner: object) => object): object {
  let inner: object = text('innermost');
  for (let level = 0; level < depth; level++) inner = wrap(inner);
  return inner;
}

/** Attributes that are added, by what is odd about them. */
const added: Readonly<Record<string, (random: Random) => KeyValue[]>> = {
  'empty key': keys(['']),
  'key without ASCII': keys(['цвет', '颜色', '🎨', 'ß', '٣']),
  'key with some ASCII': keys(['größe', 'a🎨b', 'цвет1']),
  'key of punctuation': keys(['_', '...', '-', '/', '__', ' ', '{}', '"', '\\']),
  'key with control characters': keys(['a\u0000b', 'a\nb', '\u0001', 'a\tb', 'a\u200bb']),
  'key that is not UTF-8': keys([`a${invalidUtf8}`, invalidUtf8]),
  'reserved key': keys(['__name__', 'job', 'instance', 'le', 'quantile', 'level', '__error__']),
  'key of another field': keys(['trace_id', 'span_id', 'service_name', 'severity', 'timestamp']),
  'key that begins with a digit': keys(['1', '9lives', '__1']),
  'long key': (random) => [
    { key: 'k'.repeat(size(random, 1025, 20_000, 100_000)), value: text('x') },
  ],
  'value that is missing': value(() => undefined),
  'value without a type': value(() => ({})),
  'empty string': value(() => text('')),
  'string that is not UTF-8': value(() => text(`a${invalidUtf8}b`)),
  'string of control characters': value(() => text('\u0000\u0001\n\r\u001b[31m\u2028')),
  'long string': value((random) => text('v'.repeat(size(random, 2049, 66_000, 300_000)))),
  'huge string': value((random) => text('v'.repeat(size(random, 1_100_000, 3_200_000)))),
  'empty lists': value((random) =>
    random.pick([{ arrayValue: { values: [] } }, { arrayValue: {} }, { kvlistValue: {} }]),
  ),
  'list of mixed types': value(() => ({
    arrayValue: { values: [text('a'), { intValue: 1 }, {}, { boolValue: false }] },
  })),
  bytes: value((random) => ({ bytesValue: random.bytes(size(random, 0, 16, 5000)) })),
  'numbers that are not finite': value((random) => ({
    doubleValue: random.pick([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]),
  })),
  'extreme integer': value((random) => ({
    intValue: random.pick(['9223372036854775807', '-9223372036854775808', '0']),
  })),
  'two values at once': value(() => ({ stringValue: 'a', intValue: 1 })),
  'nested lists': value((random) =>
    nested(size(random, 20, 100, 500), (inner) => ({ arrayValue: { values: [inner] } })),
  ),
  'nested maps': value((random) =>
    nested(size(random, 20, 100, 500), (inner) => ({
      kvlistValue: { values: [{ key: 'k', value: inner }] },
    })),
  ),
  'duplicate keys': () => ['a', 'b'].map((each) => ({ key: 'twice', value: text(each) })),
  'keys equal after renaming': () =>
    ['a.b', 'a_b', 'a-b'].map((key) => ({ key, value: text(key) })),
  'many attributes': (random) =>
    Array.from({ length: size(random, 130, 300, 2000) }, (_, index) => ({
      key: `many.${index}`,
      value: text('x'),
    })),
};

const places = ['item', 'resource', 'scope'] as const;

function add(place: (typeof places)[number], make: (random: Random) => KeyValue[]) {
  return (odd: MutatedItem, random: Random) => {
    odd[place].attributes = [...odd[place].attributes, ...make(random)];
  };
}

function setService(values: readonly string[]): Mutation['apply'] {
  return ({ resource }, random) => {
    resource.attributes = [{ key: 'service.name', value: text(random.pick(values) ?? '') }];
  };
}

/** Odd attributes of items, resources and scopes. */
export const attributeMutations: readonly Mutation[] = [
  ...places.flatMap((place) =>
    Object.entries(added).map(
      ([what, make]): Mutation => ({
        kind: `${place} attribute: ${what}`,
        apply: add(place, make),
        ...(place !== 'item' && { outer: true as const }),
      }),
    ),
  ),
  {
    ...{ kind: 'resource without attributes', outer: true },
    apply: ({ resource }) => {
      resource.attributes = [];
    },
  },
  {
    ...{ kind: 'service.name: odd text', outer: true },
    apply: setService(['', ' ', 'имя', '🎨', 'a"b\\c{}', `x${invalidUtf8}`, '\u0000', 'a\nb']),
  },
  {
    ...{ kind: 'service.name: long', outer: true },
    apply: setService(['s'.repeat(2049), 's'.repeat(3000), 's'.repeat(70_000)]),
  },
  {
    ...{ kind: 'service.name: not a string', outer: true },
    apply: ({ resource }, random) => {
      const odd = random.pick([{ intValue: 1 }, { arrayValue: { values: [text('a')] } }, {}]);
      resource.attributes = [{ key: 'service.name', value: odd }];
    },
  },
  {
    ...{ kind: 'scope: odd name and version', outer: true },
    apply: ({ scope }, random) => {
      scope.name = random.pick(['', 'имя', invalidUtf8, 'n'.repeat(5000)]);
      scope.version = random.pick(['', 'x'.repeat(3000), invalidUtf8]);
    },
  },
];
