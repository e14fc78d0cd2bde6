/** The part of the argument of `handleSummary` that is used here. */
export interface SummaryData {
  readonly state: { readonly testRunDurationMs: number };
  readonly metrics: Readonly<Record<string, { readonly values: Readonly<Record<string, number>> }>>;
  readonly root_group: {
    readonly checks: readonly { readonly name: string; readonly fails: number }[];
  };
}

/** Statuses of unexpected responses; 0 is no response. */
export const statuses = [0, 200, 201, 400, 402, 404, 409, 429, 500, 502, 503, 504];

/** The JSON summary of a run. Times are in milliseconds. */
export interface LoadResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Unexpected responses, and their share of all. */
  readonly failed: number;
  readonly failedShare: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly journeys: Readonly<Record<string, number>>;
  /** Journeys without a free virtual user. */
  readonly notStarted: number;
  /** Unexpected responses by expectation. */
  readonly unexpected: Readonly<Record<string, number>>;
  /** Unexpected responses by status. */
  readonly unexpectedStatuses: Readonly<Record<string, number>>;
}

/** Creates the text and JSON summary. */
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

/** The non-zero submetrics of a counter by their tag, the largest first. */
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
