import { seeded } from './seeded.ts';

test('the same seed gives the same numbers', () => {
  const [one, other] = [seeded(7), seeded(7)];
  for (let draw = 0; draw < 10; draw += 1) expect(one()).toBe(other());
});

test.each([0, 1, 2, 3])(
  'the number %i after the start is spread evenly over small seeds',
  (skip) => {
    const numbers = Array.from({ length: 1000 }, (_, seed) => {
      const next = seeded(seed);
      for (let draw = 0; draw < skip; draw += 1) next();
      return next();
    });
    expect(numbers.reduce((sum, number) => sum + number, 0) / 1000).toBeCloseTo(0.5, 1);
    for (const number of numbers) expect(number).toBeLessThan(1);
  },
);
