import { seeded } from '../simulation/seeded.ts';
import { journeys } from './journeys.ts';
import { type MixName, mixes, mixNames, pickJourney } from './mixes.ts';
import { evenly, fakeCustomer } from './testing/customers.ts';

/** The share of each journey in 10 000 selections, in percent. */
function shares(name: MixName): Partial<Record<string, number>> {
  const picks: Record<string, number> = {};
  const random = evenly();
  for (let pick = 0; pick < 10_000; pick += 1) {
    const journey = pickJourney(mixes[name], random());
    picks[journey] = (picks[journey] ?? 0) + 0.01;
  }
  return picks;
}

/** The share of 5xx responses. */
async function serverErrors(name: MixName): Promise<number> {
  const random = seeded(1);
  const { customer, asked } = fakeCustomer(random);
  for (let visit = 0; visit < 5000; visit += 1) {
    await journeys[pickJourney(mixes[name], random())](customer);
  }
  return asked.filter(({ status }) => status >= 500).length / asked.length;
}

test('every mix can be chosen', () => {
  expect(mixNames).toEqual(Object.keys(mixes));
});

test.each(mixNames)('journeys are selected by the weights of %s', (name) => {
  const weights = Object.entries(mixes[name]);
  const all = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const picked = shares(name);
  expect(Object.keys(picked).sort()).toEqual(weights.map(([journey]) => journey).sort());
  for (const [journey, weight] of weights) {
    expect(picked[journey]).toBeCloseTo((100 * weight) / all, 0);
  }
});

test('the default mix is mostly browse and order, and has every journey', () => {
  const { browse = 0, order = 0, error, slow, ...others } = shares('default');
  expect(browse + order).toBeGreaterThan(80);
  expect(error).toBeCloseTo(1, 0);
  expect(slow).toBeCloseTo(1, 0);
  expect(Object.keys({ browse, order, error, slow, ...others }).sort()).toEqual(
    Object.keys(journeys).sort(),
  );
});

test('server errors stay far below 5 %, except with the mix errors', async () => {
  expect(await serverErrors('default')).toBeLessThan(0.01);
  expect(await serverErrors('default')).toBeGreaterThan(0.001);
  expect(await serverErrors('checkout')).toBe(0);
  expect(await serverErrors('errors')).toBeGreaterThan(0.1);
});

test('the ends of the range select a journey', () => {
  expect(pickJourney({ order: 1, slow: 1 }, 0)).toBe('order');
  expect(pickJourney({ order: 1, slow: 1 }, 0.999_999)).toBe('slow');
});
