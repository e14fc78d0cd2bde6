import { ranges, tally } from './numbered.ts';

test('numbers are told as ranges', () => {
  expect(ranges([5, 1, 2, 3, 9])).toBe('1-3, 5, 9');
  expect(ranges([])).toBe('');
});

test('what is missing and what is there twice are told one by one', () => {
  const stored = new Map([
    [1, 1],
    [3, 2],
    [8, 1],
  ]);
  expect(tally([1, 2, 3, 4], stored)).toEqual({
    expected: 4,
    found: 2,
    gaps: [2, 4],
    doubles: [3],
  });
});

test('what is there beyond it does not make up for a gap', () => {
  expect(tally([1], new Map([[2, 1]])).gaps).toEqual([1]);
});
