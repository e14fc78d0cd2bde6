import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isFullyAccepted, requestBodies, spanId } from './numbered-batch.ts';
import type { SendResult } from './sender.ts';
import { readers } from './stored-items.ts';
import { compareDelivery, deliveryTable, parseDelivery } from './verify.ts';

const numbers = (...all: number[]) => new Set(all);
const sent: SendResult = {
  run: 'r1',
  count: 4,
  since: 1_700_000_000_000,
  acknowledged: { logs: numbers(1, 2, 3), spans: numbers(1, 2), samples: numbers() },
  traces: [
    { id: 'd1', numbers: [1] },
    { id: 'd2', numbers: [2] },
  ],
};

test('an acknowledged item that is not stored is missing', () => {
  const stored = new Map([
    [1, 1],
    [2, 2],
    [4, 1],
  ]);
  expect(compareDelivery('logs', sent, stored)).toEqual({
    ...{ sent: 4, acknowledged: 3, stored: 3, missing: 1, duplicated: 1, examples: [3] },
  });
  expect(compareDelivery('samples', sent)).toMatchObject({
    acknowledged: 0,
    stored: 0,
    missing: 0,
  });
});

test('the table has a row for each type', () => {
  const one = compareDelivery('logs', sent);
  expect(deliveryTable({ logs: one, spans: one, samples: one }).split('\n')).toHaveLength(4);
});

test.each([
  ['', true],
  ['{}', true],
  ['{"partialSuccess":{}}', true],
  ['{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}', false],
  ['{"partialSuccess":{"rejectedSpans":1}}', false],
])('a response of %j counts as acknowledged: %s', (response, accepted) => {
  expect(isFullyAccepted(response)).toBe(accepted);
});

test('every item of a batch has its number and a distinct time', () => {
  const batch = { run: 'r1', numbers: [7, 8], traceId: 'd'.repeat(32), at: 1000 };
  const text = (body: unknown) => JSON.stringify(body);
  expect(text(requestBodies.logs(batch))).toMatch(/"1000000000".*"7".*"1001000000".*"8"/);
  expect(text(requestBodies.samples(batch))).toMatch(/"1000000000".*:7.*"1001000000".*:8/);
  expect(text(requestBodies.spans(batch))).toMatch(new RegExp(`${spanId(7)}.*${spanId(8)}`));
});

test.each([
  ['0', '30s', '--rate must be a whole number from 1 to 1000, got "0"'],
  ['1001', '30s', '--rate must be a whole number from 1 to 1000, got "1001"'],
  ['100', 'long', '--duration must be a duration such as 90s, 5m or 1h, got "long"'],
])('%s items per second for %s are an error', (rate, duration, message) => {
  expect(() => parseDelivery(rate, duration)).toThrow(message);
});

test('Loki is read in pages, each from the last line of the previous one', async () => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const start = new URL(request.url ?? '', 'http://x').searchParams.get('start') ?? '';
    requests.push(start);
    const first = requests.length === 1 ? 1 : 5001;
    const values = Array.from({ length: requests.length === 1 ? 5000 : 3 }, (_, index) => [
      String(1_700_000_000_000_000_000n + BigInt(first + index)),
      String(first + index),
    ]);
    response.end(JSON.stringify({ data: { result: [{ values }] } }));
  }).listen(0);
  const { port } = server.address() as AddressInfo;
  const loki = `http://127.0.0.1:${port}`;
  const stored = new Map<number, number>();
  await readers.logs(loki, sent, stored);
  server.close();
  expect(stored.size).toBe(5003);
  expect(requests).toEqual(['1700000000000000000', '1700000000000005001']);
});

test('only incomplete traces are read again', async () => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.statusCode = 404;
    response.end();
  }).listen(0);
  const { port } = server.address() as AddressInfo;
  const stored = new Map([[1, 1]]);
  await readers.spans(`http://127.0.0.1:${port}`, sent, stored);
  server.close();
  expect([...stored]).toEqual([[1, 1]]);
  expect(requests).toHaveLength(1);
  expect(requests[0]).toContain('d2');
});
