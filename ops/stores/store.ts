import type { StoreName } from '../../lib/jobs/volume-helper.ts';
import type { Settings } from '../../lib/schema.ts';
import type { Signal } from '../../lib/telemetry/signal.ts';
import type { HttpApi } from './http.ts';

export type { StoreName };

/** What operations ask of a service that keeps data on a volume. One file a backend implements it. */
export interface Store {
  /** The name of its Service, its StatefulSet and its endpoint. */
  readonly name: StoreName;
  /**
   * Queries that show what it holds and can be repeated after a restore: they are about fixed times in
   * the past, so their results can only grow.
   *
   * @param now in seconds
   */
  listQueries(api: HttpApi, now: number): Promise<StoreQuery[]>;
  count(api: HttpApi, queries: readonly StoreQuery[]): Promise<number[]>;
  /** @default - its data is kept without end */
  retentionHours?(settings: Settings): number;
}

export interface StoreQuery {
  readonly what: string;
  /** The time of the query, in seconds. */
  readonly at: number;
}

export interface SignalStore extends Store {
  readonly name: 'prometheus' | 'loki' | 'tempo';
  readonly signal: Signal;
  /** The collector's exporter to it, and its counters of items that were accepted and sent. */
  readonly exporter: string;
  readonly accepted: string;
  readonly sent: string;
  readonly usage: StoreUsage;
  /** Where it has the API of rules of Prometheus. @default - it evaluates no rules */
  readonly rulesPrefix?: string;
  /** Queries it for an item that the doctor sent. @throws RetryLater if it does not have it yet */
  find(api: HttpApi, item: SentItem): Promise<void>;
}

export interface SentItem {
  readonly protocol: string;
  /** The text of its log line, the value of its metric, and the id of its trace, all of them unique. */
  readonly text: string;
  readonly value: number;
  readonly traceId: string;
  /** In milliseconds. */
  readonly sentAt: number;
}

/** The metrics of a store that show how much of its volume its data takes. */
export interface StoreUsage {
  readonly unit: 'samples' | 'bytes';
  /** Counter of what it ingests, in that unit. */
  readonly ingested: string;
  /** PromQL for the bytes on disk per unit; no result, or NaN, before the first block is written. */
  readonly bytesPerUnit: string;
  /** Upper bound of it, used until it is measured. */
  readonly maxBytesPerUnit: number;
  /** Gauge of the bytes on disk that do not grow with retention: the write-ahead log. @default - none */
  readonly fixedBytes?: string;
  /** The share of the volume that data may use. @default 1 */
  readonly usableRatio?: number;
}

/** Allows for clock skew in a search for an item; more of it is a finding of the doctor. */
export const slackSeconds = 120;

/** A query at several ages: from a minute, when all data has arrived, to days, when blocks are compacted. */
export function atEachAge(what: string, now: number): StoreQuery[] {
  const ages = [60, 3600, 24 * 3600, 6 * 24 * 3600];
  return ages.map((age) => ({ what, at: Math.floor(now - age) }));
}

/** Queries for objects by their names, each of which is there once. */
export function presenceQueries(names: readonly string[], now: number): StoreQuery[] {
  return names.map((what) => ({ what, at: Math.floor(now) }));
}

export function countPresent(names: readonly string[], queries: readonly StoreQuery[]): number[] {
  return queries.map(({ what }) => (names.includes(what) ? 1 : 0));
}

export async function countEach(
  queries: readonly StoreQuery[],
  countOne: (query: StoreQuery) => Promise<number>,
): Promise<number[]> {
  const counts: number[] = [];
  for (const query of queries) counts.push(await countOne(query));
  return counts;
}
