import { randomBytes } from 'node:crypto';
import { newTraceContext } from '../../ops/stores/tracked-request.ts';
import { type Batch, type ItemType, itemTypes } from './numbered-batch.ts';

/** A batch that was sent, and what is known about it. */
export interface Entry {
  readonly batch: Batch;
  acknowledged: boolean;
  /** How often each item is stored, by its index in the batch. */
  readonly stored: Uint8Array;
}

/** The numbered items of a run: what was sent, what was acknowledged, what is stored. */
export class Ledger {
  readonly run: string;
  private readonly spansPerTrace: number;
  readonly entries: Readonly<Record<ItemType, Entry[]>> = { logs: [], spans: [], samples: [] };

  /**
   * @param run the id of the run. @default - a random one
   * @param spansPerTrace how many spans of small batches may share a trace, so that fewer traces have
   * to be read. @default - each batch has its own
   */
  constructor(run = randomBytes(4).toString('hex'), spansPerTrace = 1) {
    this.run = run;
    this.spansPerTrace = spansPerTrace;
  }

  /** Adds a batch with the next numbers. @param at the time of its first item, in milliseconds */
  add(type: ItemType, size: number, at: number): Entry {
    const last = this.entries[type].at(-1)?.batch;
    const first = last === undefined ? 1 : last.first + last.size;
    const traceOf = (number: number) => Math.floor(number / this.spansPerTrace);
    const sharesTrace = last !== undefined && traceOf(last.first) === traceOf(first + size - 1);
    const traceId = sharesTrace ? last.traceId : newTraceContext().traceId;
    const entry = {
      batch: { type, run: this.run, first, size, at, traceId },
      acknowledged: false,
      stored: new Uint8Array(size),
    };
    this.entries[type].push(entry);
    return entry;
  }

  /** Forgets what is stored, before the stores are read again. */
  forgetStored(): void {
    for (const type of itemTypes) for (const { stored } of this.entries[type]) stored.fill(0);
  }

  /** The result for the items of each type. */
  deliveries(): Deliveries {
    const { logs, spans, samples } = this.entries;
    return {
      logs: compareStored(logs),
      spans: compareStored(spans),
      samples: compareStored(samples),
    };
  }
}

/** What became of the items of some batches. */
export interface Delivery {
  readonly sent: number;
  readonly acknowledged: number;
  /** Distinct items that are stored, acknowledged or not. */
  readonly stored: number;
  /** Acknowledged and not stored. */
  readonly missing: number;
  /** Stored more than once, as may happen when a response was lost. */
  readonly duplicated: number;
  /** The numbers that are missing, as in `3, 7-12`; only the first ranges. */
  readonly missingNumbers: string;
  readonly duplicatedNumbers: string;
}

export type Deliveries = Readonly<Record<ItemType, Delivery>>;

/** Compares what was acknowledged with what is stored. */
export function compareStored(entries: readonly Entry[]): Delivery {
  let [sent, acknowledged, stored] = [0, 0, 0];
  const missing: number[] = [];
  const duplicated: number[] = [];
  for (const entry of entries) {
    const { first, size } = entry.batch;
    sent += size;
    if (entry.acknowledged) acknowledged += size;
    for (const [index, times] of entry.stored.entries()) {
      if (times > 0) stored += 1;
      else if (entry.acknowledged) missing.push(first + index);
      if (times > 1) duplicated.push(first + index);
    }
  }
  return {
    ...{ sent, acknowledged, stored, missing: missing.length, duplicated: duplicated.length },
    missingNumbers: formatRanges(missing),
    duplicatedNumbers: formatRanges(duplicated),
  };
}

/** Whether every item of a batch is stored. */
export function isStored({ stored }: Entry): boolean {
  return stored.every((times) => times > 0);
}

const shownRanges = 10;

/** Formats ascending numbers as ranges: `3, 7-12`. */
export function formatRanges(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  const parts = ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return [...parts.slice(0, shownRanges), ...(parts.length > shownRanges ? ['…'] : [])].join(', ');
}
