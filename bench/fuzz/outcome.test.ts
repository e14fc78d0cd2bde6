import { Ledger } from '../delivery/ledger.ts';
import { type Count, droppedAtLeast, increasedCounts } from './counters.ts';
import { type FuzzResult, fuzzFailures, type Outcome } from './outcome.ts';
import { formatResult } from './report.ts';

const counted = (stage: Count['stage'], value: number, series: string = stage): Count => ({
  ...{ type: 'logs', stage, series, value },
});

/** A run of one accepted log record, whose good items are all stored. */
function runOfOne(change: Partial<Outcome> = {}): FuzzResult {
  const ledger = new Ledger('r1');
  const add = (type: 'logs' | 'spans' | 'samples') => {
    const entry = ledger.add(type, 1, 1000);
    entry.acknowledged = true;
    entry.stored.fill(1);
    return entry;
  };
  const good = [add('logs'), add('logs')];
  const beside = [add('logs'), add('spans'), add('samples')][0] as Outcome['beside'];
  const request = {
    ...{ number: 1, kind: 'odd', type: 'logs' as const, headers: {}, grpc: false },
    ...{ structural: true, marked: true, traceId: undefined, good },
  };
  const answer = { status: 200, text: '', accepted: true };
  const outcome = { request, answer, beside, stored: true, ...change };
  return { outcomes: [outcome], ledger, increases: [], restarted: [] };
}

test('a run in which everything is stored passes', () => {
  expect(fuzzFailures(runOfOne())).toEqual([]);
});

test('an odd item that is neither stored nor counted is a failure', () => {
  const result = runOfOne({ stored: false });
  expect(fuzzFailures(result)).toEqual([
    '1 odd logs were accepted, and neither stored nor counted',
  ]);
  expect(fuzzFailures({ ...result, increases: [counted('filtered', 1)] })).toEqual([]);
});

test('the counts of others do not excuse an item that is not counted alone', () => {
  const result = runOfOne({ stored: false, countedAlone: false });
  expect(fuzzFailures({ ...result, increases: [counted('send failed', 90)] })).toEqual([
    'request 1: logs odd: accepted, and neither stored nor counted',
  ]);
});

test('a good item that is acknowledged and not stored is a failure, and so is a restart', () => {
  const result = runOfOne();
  const [outcome] = result.outcomes;
  outcome?.request.good[1]?.stored.fill(0);
  outcome?.beside.stored.fill(0);
  expect(fuzzFailures({ ...result, restarted: ['loki-0'] })).toEqual([
    'loki-0 restarted',
    'request 1: logs odd: good items of the same request are lost',
    'request 1: logs odd: good items of another sender are lost',
  ]);
});

test('a run must have enough valid requests that are accepted', () => {
  const answer = { status: 400, text: '', accepted: false };
  expect(fuzzFailures(runOfOne({ answer, stored: false }))).toEqual([
    'only 0 of 1 requests were valid and accepted',
  ]);
});

test('what the store and the exporter count is not added, as it may be the same', () => {
  const counts = [
    counted('filtered', 1),
    counted('send failed', 5),
    counted('discarded by the store', 3),
  ];
  expect(droppedAtLeast(counts, 'logs')).toBe(6);
  expect(droppedAtLeast(counts, 'spans')).toBe(0);
});

test('counts are compared by series, and one that is new counts from zero', () => {
  const before = [counted('filtered', 2, 'a'), counted('filtered', 1, 'b')];
  const after = [...before, counted('filtered', 3, 'a'), counted('send failed', 4, 'c')];
  expect(increasedCounts(before, after)).toMatchObject([
    { series: 'a', value: 3 },
    { series: 'c', value: 4 },
  ]);
});

test('the table has a row for each kind, with what was counted', () => {
  const text = formatResult(runOfOne({ stored: false, countedAlone: true }));
  expect(text).toMatch(/logs odd +1 +1 +0 +1 +0 +1 of 1/);
});
