import { Tally } from './tally.ts';

const request = (milliseconds: number) => ({
  name: 'GET /',
  status: 200,
  expected: true,
  milliseconds,
});

test('a summary has the counts since the previous one', () => {
  const tally = new Tally();
  for (let time = 1; time <= 100; time += 1) tally.countRequest(request(time));
  tally.countRequest({ ...request(5), status: 500, expected: false });
  tally.countRequest({ ...request(5), status: 0, expected: false });
  tally.countJourney('browse');
  tally.countJourney('browse');
  tally.countTurnedAway();
  expect(tally.take()).toEqual({
    requests: 102,
    failed: 2,
    p50: 50,
    p95: 95,
    p99: 99,
    journeys: { browse: 2 },
    turnedAway: 1,
    unexpected: { 'GET / 500': 1, 'GET / no answer': 1 },
  });
  expect(tally.take()).toMatchObject({ requests: 0, failed: 0, p50: null, journeys: {} });
});
