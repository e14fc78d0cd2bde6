import { faultNames } from './catalogue.ts';
import { parseFault } from './parse.ts';

test.each(faultNames)('%s has a default for every option', (name) => {
  expect(parseFault(name, {})).toMatchObject({ name, seconds: 300 });
});

test('given options are used, others have their default', () => {
  expect(parseFault('error-rate', { for: '60', rate: '0.5' })).toEqual({
    name: 'error-rate',
    seconds: 60,
    options: { rate: 0.5, route: '', type: 'unhandled' },
  });
});

test.each([
  ['meteor', {}, 'name must be one of error-rate, latency'],
  ['latency', { ms: -1 }, 'ms must be a number from 0 to 30000, got -1'],
  ['latency', { ms: 'slow' }, 'ms must be a number from 0 to 30000, got "slow"'],
  ['latency', { for: 3601 }, 'for must be a number from 0 to 3600, got 3601'],
  ['latency', { for: 0 }, 'for must be a number above 0, up to 3600, got 0'],
  ['error-rate', { type: 'cosmic' }, 'type must be one of validation, database'],
  ['cpu-burn', { percent: 100 }, 'percent must be a number from 0 to 90, got 100'],
  ['cache-off', { ms: 1 }, 'options of cache-off must be among for, got "ms"'],
])('%s with %j is refused', (name, body, message) => {
  expect(() => parseFault(name, body)).toThrow(message);
});
