import { type SummaryData, summarize } from './summary.ts';

const counter = (count: number) => ({ values: { count, rate: count / 10 } });

const data: SummaryData = {
  state: { testRunDurationMs: 10_000 },
  metrics: {
    http_reqs: counter(200),
    http_req_failed: { values: { rate: 0.015, passes: 3, fails: 197 } },
    http_req_duration: { values: { med: 12.345, 'p(95)': 80, 'p(99)': 1200.06 } },
    'journeys{journey:order}': counter(20),
    'journeys{journey:browse}': counter(40),
    'journeys{journey:slow}': counter(0),
    'http_reqs{expected_response:false,status:0}': counter(1),
    'http_reqs{expected_response:false,status:500}': counter(2),
    'http_reqs{expected_response:false,status:503}': counter(0),
    dropped_iterations: counter(4),
  },
  root_group: {
    checks: [
      { name: 'GET / answers 200', fails: 0 },
      { name: 'POST /api/orders answers 201 or 402 or 409', fails: 3 },
    ],
  },
};

test('the JSON summary has the numbers', () => {
  expect(summarize(data).result).toEqual({
    requests: 200,
    requestsPerSecond: 20,
    failed: 3,
    failedShare: 0.015,
    p50: 12.3,
    p95: 80,
    p99: 1200.1,
    journeys: { browse: 40, order: 20 },
    notStarted: 4,
    unexpected: { 'POST /api/orders answers 201 or 402 or 409': 3 },
    unexpectedStatuses: { '0': 1, '500': 2 },
  });
});

test('the text summary has the same numbers', () => {
  expect(summarize(data).text).toBe(
    [
      'requests    200 in 10 s, 20 per second',
      'failed      3 (1.5 %)',
      'time        p50 12.3 ms, p95 80 ms, p99 1200.1 ms',
      'journeys    browse 40, order 20',
      'not started 4: the shop is too slow, or k6 is',
      'unexpected  no answer 1, 500 2',
      '            not so: POST /api/orders answers 201 or 402 or 409: 3',
      '',
    ].join('\n'),
  );
});

test('a run without requests has a summary', () => {
  const { state } = data;
  const { text, result } = summarize({ state, metrics: {}, root_group: { checks: [] } });
  expect(result).toMatchObject({ requests: 0, failed: 0, journeys: {}, unexpected: {} });
  expect(text).toContain('journeys    none\nunexpected  none\n');
});
