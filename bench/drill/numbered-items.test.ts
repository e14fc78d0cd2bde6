import { compareStored, formatRanges } from './numbered-items.ts';

test('numbers are formatted as ranges', () => {
  expect(formatRanges([5, 1, 2, 3, 9])).toBe('1-3, 5, 9');
  expect(formatRanges([])).toBe('');
});

test('missing and duplicated numbers are found', () => {
  const stored = new Map([
    [1, 1],
    [3, 2],
    [8, 1],
  ]);
  expect(compareStored([1, 2, 3, 4], stored)).toEqual({
    expected: 4,
    found: 2,
    missing: [2, 4],
    duplicates: [3],
  });
});

test('another stored number does not replace a missing one', () => {
  expect(compareStored([1], new Map([[2, 1]])).missing).toEqual([1]);
});
