import { createRandom } from './random.ts';

const draw = (seed: number) => {
  const random = createRandom(seed);
  return Array.from({ length: 5 }, () => random.next());
};

test('the sequence depends on the seed', () => {
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('delays have the given median and a long tail', () => {
  const random = createRandom(1);
  const latency = { medianMs: 100, sigma: 0.5 };
  const delays = Array.from({ length: 10_000 }, () => random.milliseconds(latency)).sort(
    (a, b) => a - b,
  );
  const quantile = (q: number) => delays[Math.floor(q * delays.length)];
  expect(quantile(0.5)).toBeGreaterThan(95);
  expect(quantile(0.5)).toBeLessThan(105);
  expect(quantile(0.99)).toBeGreaterThan(280);
  expect(quantile(0.99)).toBeLessThan(360);
  expect(delays.at(-1)).toBeLessThanOrEqual(1000);
});

test('the factor 0 disables delays', async () => {
  expect(createRandom(1, 0).milliseconds({ medianMs: 1000 })).toBe(0);
});

test('probability 0 is never, 1 always', () => {
  const random = createRandom(1);
  for (let i = 0; i < 100; i += 1) {
    expect(random.chance(0)).toBe(false);
    expect(random.chance(1)).toBe(true);
  }
});
