import { parseLoad } from './load-options.ts';

const load = { rate: '100', duration: '30s' };

test('a type without a rate of its own has the common one', () => {
  expect(parseLoad({ ...load, samples: '20000', logs: '2250' })).toEqual({
    rates: { logs: 2250, spans: 100, samples: 20_000 },
    seconds: 30,
  });
});

test.each([
  [{ rate: '0' }, '--rate must be a whole number from 1 to 10000, got "0"'],
  [{ rate: '10001' }, '--rate must be a whole number from 1 to 10000, got "10001"'],
  [{ samples: '1e5' }, '--samples must be a whole number from 1 to 100000, got "1e5"'],
  [{ logs: '-1' }, '--logs must be a whole number from 1 to 10000, got "-1"'],
  [{ spans: '' }, '--spans must be a whole number from 1 to 10000, got ""'],
  [{ duration: 'long' }, '--duration must be a duration such as 90s, 5m or 1h, got "long"'],
])('%j is an error', (given, message) => {
  expect(() => parseLoad({ ...load, ...given })).toThrow(message);
});
