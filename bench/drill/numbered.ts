import { randomBytes } from 'node:crypto';
import { UserError } from '../../ops/process/errors.ts';
import { fetchText } from '../../ops/stores/http.ts';
import { newTraceContext } from '../../ops/stores/tracked-request.ts';
import { allTaken, type Batch, bodies, paths, type Signal, signals } from '../delivery/otlp.ts';
import type { SentTrace } from '../delivery/sender.ts';
import { readers, type Sought, type Stored, storeOf } from '../delivery/stored.ts';

/** Numbered items of a drill, with when each of them happened. */
export interface Written extends Sought {
  readonly traces: SentTrace[];
  readonly times: Map<number, number>;
}

/** @param since when the first item happens, in milliseconds */
export function nothingWritten(since: number): Written {
  return { run: randomBytes(4).toString('hex'), since, traces: [], times: new Map() };
}

/** Sends the next items, as one batch of each signal. */
export async function write(url: string, written: Written, at: number, size = 1): Promise<void> {
  const first = written.times.size + 1;
  const batch: Batch = {
    run: written.run,
    at,
    numbers: Array.from({ length: size }, (_, index) => first + index),
    traceId: newTraceContext().traceId,
  };
  for (const signal of signals) {
    const request = { method: 'POST', body: bodies[signal](batch) } as const;
    if (allTaken(await fetchText(url, paths[signal], request))) continue;
    throw new UserError(`the collector refused some ${signal}`);
  }
  written.traces.push({ id: batch.traceId, numbers: batch.numbers });
  for (const [index, number] of batch.numbers.entries()) written.times.set(number, at + index);
}

/** What the stores have of all that was written, asked one after the other. */
export async function readBack(
  stores: Readonly<Record<(typeof storeOf)[Signal], string>>,
  written: Written,
): Promise<Record<Signal, Stored>> {
  const read = async (signal: Signal): Promise<Stored> => {
    const found = new Map<number, number>();
    await readers[signal](stores[storeOf[signal]], written, found);
    return found;
  };
  return {
    logs: await read('logs'),
    spans: await read('spans'),
    samples: await read('samples'),
  };
}

export interface Tally {
  readonly expected: number;
  readonly found: number;
  readonly gaps: readonly number[];
  /** Found more than once. */
  readonly doubles: readonly number[];
}

/** Compares what should be there with what is. What is there beyond it does not count. */
export function tally(expected: Iterable<number>, stored: Stored): Tally {
  const numbers = [...expected];
  const gaps = numbers.filter((number) => !stored.has(number));
  const doubles = numbers.filter((number) => (stored.get(number) ?? 0) > 1);
  return { expected: numbers.length, found: numbers.length - gaps.length, gaps, doubles };
}

/** Numbers as ranges, for people: 3, 7-12. */
export function ranges(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const parts: [number, number][] = [];
  for (const number of sorted) {
    const last = parts.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
