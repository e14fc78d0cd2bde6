import { parseSeconds } from './duration.ts';

test.each([
  ['90', 90],
  ['90s', 90],
  ['5m', 300],
  ['1h', 3600],
])('%s is %i seconds', (value, expected) => {
  expect(parseSeconds('--for', value)).toBe(expected);
});

test.each(['', '0', '0m', '-5s', '1d', '1.5m', 'soon'])('%j is no duration', (value) => {
  expect(() => parseSeconds('--for', value)).toThrow(
    `--for must be a duration such as 90s, 5m or 1h, got "${value}"`,
  );
});
