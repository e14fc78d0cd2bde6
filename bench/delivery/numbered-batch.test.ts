import { decodeRequest, encodeRequest, isFullyAccepted } from '../otlp/messages.ts';
import { type Batch, batchRequest, itemTypes, signalOf } from './numbered-batch.ts';

const batch = (type: Batch['type'], size: number): Batch => ({
  ...{ type, run: 'r1', first: 7, size, at: 1000, traceId: 'd'.repeat(32) },
});

/** What the collector reads. */
function received(type: Batch['type'], size = 2): string {
  const signal = signalOf[type];
  const bytes = encodeRequest(signal, batchRequest(batch(type, size)));
  return JSON.stringify(decodeRequest(signal, bytes));
}

test.each(itemTypes)('%s carry their run, number and time through protobuf', (type) => {
  const text = received(type);
  expect(text).toContain('"delivery.run","value":{"stringValue":"r1"}');
  expect(text).toContain('"1000000000"');
});

test('lines and spans of a batch have distinct times', () => {
  expect(received('logs')).toMatch(/"1000000000".*"7".*"1000001000".*"8"/);
  expect(received('spans')).toMatch(/"1000000000".*"1000001000"/);
});

test('samples of a series have distinct times', () => {
  const points = [
    ...received('samples', 2500).matchAll(/"timeUnixNano":"(\d+)".*?"stringValue":"(\d+)"/g),
  ];
  expect(new Set(points.map(([, time, series]) => `${time} ${series}`)).size).toBe(2500);
  expect(points.at(-1)?.[1]).toBe('1002000000');
});

test.each([
  ['nothing', [], true],
  ['an empty partial success', [0x0a, 0], true],
  ['only a warning', [0x0a, 3, 0x12, 1, 0x21], true],
  ['two rejected items', [0x0a, 2, 0x08, 2], false],
])('a response with %s counts as acknowledged: %s', (_, bytes, accepted) => {
  expect(isFullyAccepted(Uint8Array.from(bytes))).toBe(accepted);
});
