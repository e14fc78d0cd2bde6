import { explainExitCode, parseLoadOptions, scriptWithImports } from './load.ts';

const options = { rate: '5', duration: '2m', mix: 'default' };

test('rate, duration and mix are parsed', () => {
  expect(parseLoadOptions({ ...options, rate: '0.5' })).toEqual({
    rate: 0.5,
    seconds: 120,
    mix: 'default',
  });
});

test.each([
  [{ rate: '0' }, '--rate must be a number above 0, at most 1000, got "0"'],
  [{ rate: 'many' }, '--rate must be a number above 0, at most 1000, got "many"'],
  [{ rate: '1001' }, '--rate must be a number above 0, at most 1000, got "1001"'],
  [{ duration: 'long' }, '--duration must be a duration such as 90s, 5m or 1h, got "long"'],
  [{ mix: 'wild' }, '--mix must be one of default, browse, checkout, errors, slow, got "wild"'],
])('%j is an error', (change, message) => {
  expect(() => parseLoadOptions({ ...options, ...change })).toThrow(message);
});

test('the script comes with the files that it imports, and no others', () => {
  const files = scriptWithImports();
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining(['load/k6.ts', 'config/environment.ts']),
  );
  for (const path of Object.keys(files)) expect(path).toMatch(/^(load|config)\/[a-z0-9-]+\.ts$/);
  expect(Object.keys(files)).not.toContain('load/customers.ts');
});

test('exit codes of k6 are explained', () => {
  expect(explainExitCode(99)).toBe('more than 5 % of the responses were not as expected');
  expect(explainExitCode(137)).toContain('137');
});
