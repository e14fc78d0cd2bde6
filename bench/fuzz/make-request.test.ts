import { Ledger } from '../delivery/ledger.ts';
import { signalOf } from '../delivery/numbered-batch.ts';
import { decodeRequest } from '../otlp/messages.ts';
import { type FuzzRequest, makeRequest } from './make-request.ts';

/** The first requests of a seed, with times that are always the same. */
function firstRequests(seed: number, count: number): FuzzRequest[] {
  const ledger = new Ledger('r1');
  let time = 1_700_000_000_000;
  const now = () => ++time;
  return Array.from({ length: count }, (_, index) =>
    makeRequest({ seed, number: index + 1, ledger, now }),
  );
}

const withoutTraces = ({ body, good, ...request }: FuzzRequest) => ({
  ...{ ...request, size: body.length, good: good.map(({ batch }) => batch.first) },
});

test('the same seed makes the same requests, another one others', () => {
  const first = firstRequests(1, 100).map(withoutTraces);
  expect(firstRequests(1, 100).map(withoutTraces)).toEqual(first);
  expect(firstRequests(2, 100).map(withoutTraces)).not.toEqual(first);
});

test('more than half of the requests are valid protobuf by construction, and decode', () => {
  const valid = firstRequests(3, 200).filter(({ structural }) => structural);
  expect(valid.length).toBeGreaterThan(100);
  for (const { type, body } of valid) {
    expect(() => decodeRequest(signalOf[type], body)).not.toThrow();
  }
});

test('good items stand before and behind the odd one', () => {
  const requests = firstRequests(4, 100);
  const request = requests.find(({ type, good }) => type === 'logs' && good.length > 0);
  const [before, behind] = request?.good ?? [];
  const text = JSON.stringify(decodeRequest('logs', request?.body ?? new Uint8Array()));
  const at = (body: string) => text.indexOf(`"stringValue":"${body}`);
  expect(at(`${before?.batch.first}"`)).toBeGreaterThan(0);
  expect(at(`${behind?.batch.first}"`)).toBeGreaterThan(at(`${before?.batch.first}"`));
});

test('an item whose marker was destroyed is not expected to be found', () => {
  const requests = firstRequests(5, 300);
  const empty = requests.find(({ kind }) => kind === 'bytes: empty');
  const twice = requests.find(({ kind }) => kind === 'bytes: the request twice');
  expect([empty?.marked, twice?.marked]).toEqual([false, true]);
});
