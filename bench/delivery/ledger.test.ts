import { compareStored, formatRanges, isStored, Ledger } from './ledger.ts';
import { noteStored } from './stored-items.ts';

test('numbers follow each other for each type', () => {
  const ledger = new Ledger();
  ledger.add('logs', 3, 1000);
  expect(ledger.add('logs', 2, 1250).batch).toMatchObject({ first: 4, size: 2, at: 1250 });
  expect(ledger.add('spans', 2, 1250).batch).toMatchObject({ first: 1 });
});

test('an acknowledged item that is not stored is missing', () => {
  const ledger = new Ledger();
  const acknowledged = ledger.add('logs', 4, 1000);
  acknowledged.acknowledged = true;
  const refused = ledger.add('logs', 2, 1250);
  noteStored([acknowledged, refused], [1, 3, 3, 6, 99]);
  expect(compareStored(ledger.entries.logs)).toEqual({
    ...{ sent: 6, acknowledged: 4, stored: 3, missing: 2, duplicated: 1 },
    ...{ missingNumbers: '2, 4', duplicatedNumbers: '3' },
  });
  expect(ledger.deliveries().spans).toMatchObject({ sent: 0, missing: 0 });
});

test('what is stored can be read anew', () => {
  const ledger = new Ledger();
  const entry = ledger.add('samples', 2, 1000);
  noteStored([entry], [1, 2]);
  expect(isStored(entry)).toBe(true);
  ledger.forgetStored();
  expect(compareStored(ledger.entries.samples).stored).toBe(0);
});

test('numbers are formatted as ranges', () => {
  expect(formatRanges([1, 2, 3, 5, 9])).toBe('1-3, 5, 9');
  expect(formatRanges([])).toBe('');
  expect(formatRanges(Array.from({ length: 50 }, (_, index) => 2 * index))).toMatch(/, 18, …$/);
});
