/** What k6 hands to `handleSummary`, as far as it is read here. */
export interface SummaryData {
  readonly state: { readonly testRunDurationMs: number };
  readonly metrics: Readonly<Record<string, { readonly values: Readonly<Record<string, number>> }>>;
  readonly root_group: {
    readonly checks: readonly { readonly name: string; readonly fails: number }[];
  };
}

/** Statuses that an answer nobody expected may have; 0 is no answer. */
export const statuses = [0, 200, 201, 400, 402, 404, 409, 429, 500, 502, 503, 504];

/** The result of a run, for programs. Times are in milliseconds. */
export interface LoadResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Answers that nobody expected, and their share of all. */
  readonly failed: number;
  readonly failedShare: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly journeys: Readonly<Record<string, number>>;
  /** Journeys for which there was no one left to make them. */
  readonly notStarted: number;
  /** How often each expectation was not met. */
  readonly unexpected: Readonly<Record<string, number>>;
  /** What came instead. */
  readonly unexpectedStatuses: Readonly<Record<string, number>>;
}

/** Makes a short result, for people and for programs, of all that k6 has measured. */
export function summarize(data: SummaryData): { text: string; result: LoadResult } {
  const result = resultOf(data);
  return { text: textOf(result, data.state.testRunDurationMs / 1000), result };
}

function resultOf({ state, metrics, root_group }: SummaryData): LoadResult {
  const value = (metric: string, key: string) => metrics[metric]?.values[key] ?? 0;
  const requests = value('http_reqs', 'count');
  const failedShare = value('http_req_failed', 'rate');
  const time = (key: string) => round(value('http_req_duration', key), 10);
  return {
    requests,
    requestsPerSecond: round(requests / (state.testRunDurationMs / 1000), 10),
    failed: Math.round(failedShare * requests),
    failedShare: round(failedShare, 10_000),
    p50: time('med'),
    p95: time('p(95)'),
    p99: time('p(99)'),
    journeys: countsOf(metrics, /^journeys\{journey:(\w+)\}$/),
    notStarted: value('dropped_iterations', 'count'),
    unexpected: Object.fromEntries(
      root_group.checks.filter(({ fails }) => fails > 0).map(({ name, fails }) => [name, fails]),
    ),
    unexpectedStatuses: countsOf(metrics, /^http_reqs\{.*status:(\d+)\}$/),
  };
}

/** The parts of a counter that were counted at all, by what tells them apart, the largest first. */
function countsOf(metrics: SummaryData['metrics'], part: RegExp): Record<string, number> {
  const counts = Object.entries(metrics).flatMap(([name, { values }]): [string, number][] => {
    const key = part.exec(name)?.[1];
    return key !== undefined && values.count ? [[key, values.count]] : [];
  });
  return Object.fromEntries(counts.sort(([, one], [, other]) => other - one));
}

function textOf(result: LoadResult, seconds: number): string {
  const { requests, requestsPerSecond, failed, failedShare, p50, p95, p99, notStarted } = result;
  const lines = [
    ['requests', `${requests} in ${Math.round(seconds)} s, ${requestsPerSecond} per second`],
    ['failed', `${failed} (${round(failedShare * 100, 100)} %)`],
    ['time', `p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms`],
    ['journeys', list(result.journeys)],
    ...(notStarted > 0 ? [['not started', `${notStarted}: the shop is too slow, or k6 is`]] : []),
    ['unexpected', list(result.unexpectedStatuses, statusText)],
    ...Object.entries(result.unexpected).map(([name, times]) => ['', `not so: ${name}: ${times}`]),
  ];
  return lines.map(([label = '', text]) => `${label.padEnd(12)}${text}\n`).join('');
}

function statusText(status: string): string {
  return status === '0' ? 'no answer' : status;
}

function list(counts: Readonly<Record<string, number>>, text = (key: string) => key): string {
  const entries = Object.entries(counts).map(([key, count]) => `${text(key)} ${count}`);
  return entries.length > 0 ? entries.join(', ') : 'none';
}

function round(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
