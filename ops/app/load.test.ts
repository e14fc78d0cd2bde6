import { parseLoad, verdict } from './load.ts';
import { loadFiles } from './load-files.ts';

const options = { rate: '5', duration: '2m', mix: 'default' };

test('rate, duration and mix are taken', () => {
  expect(parseLoad({ ...options, rate: '0.5' })).toEqual({
    rate: 0.5,
    seconds: 120,
    mix: 'default',
  });
});

test.each([
  [{ rate: '0' }, 'RATE must be a number above 0, at most 1000, got "0"'],
  [{ rate: 'many' }, 'RATE must be a number above 0, at most 1000, got "many"'],
  [{ rate: '1001' }, 'RATE must be a number above 0, at most 1000, got "1001"'],
  [{ duration: 'long' }, 'DURATION must be a duration such as 90s, 5m or 1h, got "long"'],
  [{ mix: 'wild' }, 'MIX must be one of default, browse, checkout, errors, slow, got "wild"'],
])('%j is refused before anything is done', (change, message) => {
  expect(() => parseLoad({ ...options, ...change })).toThrow(message);
});

test('the script comes with all that it imports, and nothing else', () => {
  const files = loadFiles();
  expect(Object.keys(files)).toEqual(expect.arrayContaining(['load/k6.ts', 'environment.ts']));
  for (const path of Object.keys(files)) expect(path).toMatch(/^(load\/)?[a-z0-9-]+\.ts$/);
  expect(Object.keys(files)).not.toContain('load/customers.ts');
});

test("k6's exit codes are said in words", () => {
  expect(verdict(99)).toBe('more than 5 % of the answers were not as expected');
  expect(verdict(137)).toContain('137');
});
