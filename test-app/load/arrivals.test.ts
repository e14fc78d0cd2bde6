import { arrivals } from './arrivals.ts';
import { evenly } from './testing/customers.ts';

/** Runs the arrivals for this number of pauses, without waiting. */
async function open(gaps: number, visit: () => Promise<void>, maxConcurrent = 5) {
  const waits: number[] = [];
  let turnedAway = 0;
  await arrivals({
    rate: 4,
    maxConcurrent,
    random: evenly(),
    visit,
    turnedAway: () => {
      turnedAway += 1;
    },
    async wait(seconds) {
      if (waits.length === gaps) throw new Error('closed');
      waits.push(seconds);
    },
  });
  return { waits, turnedAway };
}

test('visits start at the given rate with exponential gaps', async () => {
  const { waits } = await open(10_000, async () => {});
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  expect(mean).toBeCloseTo(1 / 4, 2);
  // Of exponential gaps, 1 - 1/e are shorter than the mean.
  expect(waits.filter((wait) => wait < mean).length / waits.length).toBeCloseTo(0.632, 1);
});

test('visits are concurrent up to the maximum', async () => {
  const leave: (() => void)[] = [];
  let visits = 0;
  const opened = open(8, () => {
    visits += 1;
    return new Promise((resolve) => leave.push(resolve));
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(visits).toBe(5);
  for (const go of leave) go();
  expect(await opened).toMatchObject({ turnedAway: 3 });
});

test('an ended visit makes room for another', async () => {
  const { turnedAway } = await open(100, async () => {}, 2);
  expect(turnedAway).toBe(0);
});
