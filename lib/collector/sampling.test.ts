import { settingsSchema } from '../schema.ts';
import { samplingGates, samplingStage, threshold } from './sampling.ts';

const settings = (input: object) =>
  settingsSchema.parse({ collector: { sampling: input } }).collector.sampling;

test.each([
  [0.5, '8'],
  [0.25, 'c'],
  [0.75, '4'],
  [0.1, 'e66666'],
  [0.00001, 'ffff58'],
  [0.99999, '0000a8'],
])('the threshold of ratio %d is %s', (share, expected) => {
  expect(threshold(share)).toBe(expected);
});

test('without tail sampling no feature gate is set, and without sampling no processor is added', () => {
  expect(samplingStage(settings({ mode: 'none' }))).toEqual({ processors: {}, pipelines: {} });
  expect(samplingGates(settings({ mode: 'none' }))).toEqual([]);
  expect(samplingGates(settings({ mode: 'head', keep: '10%' }))).toEqual([]);
});

test('the probabilistic policy is last, so that the others are recorded', () => {
  const { processors } = samplingStage(
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

test('disabled criteria add no policy', () => {
  const { processors } = samplingStage(settings({ mode: 'tail', keep: '10%', errors: false }));
  const { policies } = processors.tail_sampling as { policies: { name: string }[] };
  expect(policies.map(({ name }) => name)).toEqual(['mantis', 'marked', 'rest']);
});
