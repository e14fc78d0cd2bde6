import { z } from 'zod';
import { fetchJson, type HttpApiOrUrl } from './http.ts';

const streams = z.object({
  data: z.object({
    resultType: z.literal('streams'),
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.string(), z.string()])),
      }),
    ),
  }),
});

const vector = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

/** Runs a LogQL metric query with one result, at a time in seconds; 0 if it has none. */
export async function countLoki(url: string, logql: string, time: number): Promise<number> {
  const query = { query: logql, time };
  const { data } = await fetchJson(url, '/loki/api/v1/query', vector, { query });
  return Number(data.result[0]?.value[1] ?? 0);
}

/** Times in seconds, or as text in nanoseconds, and how many lines a query returns at most. */
export interface LineRange {
  readonly start: string | number;
  readonly end?: string | number;
  readonly limit: number;
  readonly direction?: 'forward';
}

/** Runs a LogQL log query; gives times and lines. */
export async function queryLines(
  url: HttpApiOrUrl,
  logql: string,
  range: LineRange,
): Promise<[time: string, line: string][]> {
  return (await queryStreams(url, logql, range)).flatMap(({ values }) => values);
}

async function queryStreams(url: HttpApiOrUrl, logql: string, range: LineRange) {
  const query = { query: logql, ...range };
  return (await fetchJson(url, '/loki/api/v1/query_range', streams, { query })).data.result;
}

/** Runs a LogQL log query from `start`, in seconds; `fields` are labels and structured metadata. */
export async function queryLoki(url: HttpApiOrUrl, logql: string, start: number) {
  const found = await queryStreams(url, logql, { start: Math.floor(start), limit: 100 });
  return found.flatMap(({ stream, values }) =>
    values.map(([, line]) => ({ line, fields: stream })),
  );
}
