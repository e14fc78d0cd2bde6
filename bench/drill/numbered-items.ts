import { randomBytes } from 'node:crypto';
import { UserError } from '../../ops/process/errors.ts';
import { fetchText } from '../../ops/stores/http.ts';
import { newTraceContext } from '../../ops/stores/tracked-request.ts';
import {
  type Batch,
  type ItemType,
  isFullyAccepted,
  itemTypes,
  otlpPaths,
  requestBodies,
} from '../delivery/numbered-batch.ts';
import type { SentTrace } from '../delivery/sender.ts';
import { readers, type SentItems, type StoredCounts, storeOf } from '../delivery/stored-items.ts';

/** The numbered items of a drill, with the time of each. */
export interface WrittenItems extends SentItems {
  readonly traces: SentTrace[];
  readonly times: Map<number, number>;
}

/** A run without items. @param since the time of the first item, in milliseconds */
export function noItems(since: number): WrittenItems {
  return { run: randomBytes(4).toString('hex'), since, traces: [], times: new Map() };
}

/** Sends the next items, as one batch of each type. @param at the time of the first, in milliseconds */
export async function writeItems(
  url: string,
  written: WrittenItems,
  at: number,
  size = 1,
): Promise<void> {
  const first = written.times.size + 1;
  const batch: Batch = {
    run: written.run,
    at,
    numbers: Array.from({ length: size }, (_, index) => first + index),
    traceId: newTraceContext().traceId,
  };
  for (const type of itemTypes) {
    const request = { method: 'POST', body: requestBodies[type](batch) } as const;
    if (isFullyAccepted(await fetchText(url, otlpPaths[type], request))) continue;
    throw new UserError(`the collector rejected ${type}`);
  }
  written.traces.push({ id: batch.traceId, numbers: batch.numbers });
  for (const [index, number] of batch.numbers.entries()) written.times.set(number, at + index);
}

/** Reads the items of a run from the stores, one after the other. */
export async function readStored(
  stores: Readonly<Record<(typeof storeOf)[ItemType], string>>,
  written: WrittenItems,
): Promise<Record<ItemType, StoredCounts>> {
  const read = async (type: ItemType): Promise<StoredCounts> => {
    const found = new Map<number, number>();
    await readers[type](stores[storeOf[type]], written, found);
    return found;
  };
  return {
    logs: await read('logs'),
    spans: await read('spans'),
    samples: await read('samples'),
  };
}

export interface Comparison {
  readonly expected: number;
  readonly found: number;
  readonly missing: readonly number[];
  /** Found more than once. */
  readonly duplicates: readonly number[];
}

/** Compares expected with stored numbers. Other stored numbers are ignored. */
export function compareStored(expected: Iterable<number>, stored: StoredCounts): Comparison {
  const numbers = [...expected];
  const missing = numbers.filter((number) => !stored.has(number));
  const duplicates = numbers.filter((number) => (stored.get(number) ?? 0) > 1);
  return { expected: numbers.length, found: numbers.length - missing.length, missing, duplicates };
}

/** Formats numbers as ranges: `3, 7-12`. */
export function formatRanges(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const parts: [number, number][] = [];
  for (const number of sorted) {
    const last = parts.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
