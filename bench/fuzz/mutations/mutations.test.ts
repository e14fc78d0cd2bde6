import { itemTypes, signalOf } from '../../delivery/numbered-batch.ts';
import { encodeRequest } from '../../otlp/messages.ts';
import { byteMutations } from './bytes.ts';
import { metricTypesOf, mutationsFor } from './catalog.ts';
import { newOddItem, oddMessages } from './odd-item.ts';
import { Random } from './random.ts';

test.each(itemTypes)('every kind of %s has its own name', (type) => {
  const kinds = [...mutationsFor(type), ...byteMutations].map(({ kind }) => kind);
  expect(kinds).toEqual([...new Set(kinds)]);
});

const lists = { logs: 'logRecords', spans: 'spans', samples: 'metrics' } as const;
const scopes = { logs: 'scopeLogs', spans: 'scopeSpans', samples: 'scopeMetrics' } as const;
const resources = { logs: 'resourceLogs', spans: 'resourceSpans', samples: 'resourceMetrics' };

const each = itemTypes.flatMap((type) =>
  mutationsFor(type).map((mutation) => ({ type, mutation, kind: mutation.kind })),
);

test.each(each)('$type with $kind differ from well-formed ones', ({ type, mutation }) => {
  for (const metricType of metricTypesOf(mutation)) {
    const encode = (mutated: boolean) => {
      const random = new Random(1);
      const odd = newOddItem(type, random, { run: 'r1', number: 1, metricType, at: 1000 });
      if (mutated) mutation.apply(odd, random);
      const { resource, scope } = odd;
      const group = {
        resource,
        [scopes[type]]: [{ scope, [lists[type]]: oddMessages(type, odd) }],
      };
      return Buffer.from(encodeRequest(signalOf[type], { [resources[type]]: [group] }));
    };
    expect(encode(true).equals(encode(false))).toBe(false);
  }
});
