import { settingsSchema } from '../schema.ts';
import { sampling, samplingGates, threshold } from './sampling.ts';

const settings = (written: object) =>
  settingsSchema.parse({ collector: { sampling: written } }).collector.sampling;

test.each([
  [0.5, '8'],
  [0.25, 'c'],
  [0.75, '4'],
  [0.1, 'e66666'],
  [0.00001, 'ffff58'],
  [0.99999, '0000a8'],
])('to keep %d is to drop what is below %s', (share, expected) => {
  expect(threshold(share)).toBe(expected);
});

test('without sampling nothing is added, and no gate is opened', () => {
  expect(sampling(settings({ mode: 'none' }))).toEqual({ processors: {}, order: {} });
  expect(samplingGates(settings({ mode: 'none' }))).toEqual([]);
  expect(samplingGates(settings({ mode: 'head', keep: '10%' }))).toEqual([]);
});

test('the share of the rest is the last policy, so that the others are recorded first', () => {
  const { processors } = sampling(
    settings({ mode: 'tail', keep: '29%', slow: '1s', services: ['payments'] }),
  );
  const { policies } = processors.tail_sampling as { policies: { name: string }[] };
  expect(policies.map(({ name }) => name)).toEqual([
    'mantis',
    'marked',
    'errors',
    'slow',
    'services',
    'rest',
  ]);
  expect(policies.at(-1)).toMatchObject({ probabilistic: { sampling_percentage: 29 } });
});

test('what is not asked for is no policy', () => {
  const { processors } = sampling(settings({ mode: 'tail', keep: '10%', errors: false }));
  const { policies } = processors.tail_sampling as { policies: { name: string }[] };
  expect(policies.map(({ name }) => name)).toEqual(['mantis', 'marked', 'rest']);
});
