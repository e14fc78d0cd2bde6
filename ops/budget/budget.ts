import type { Duration, Size } from 'cdk8s';

/** What comes in and what becomes of it, as one store tells. */
export interface Measured {
  /** Items or bytes a second. */
  readonly rate: number;
  /** Bytes on disk for each of them; undefined before the store has written its first block. */
  readonly stored?: number | undefined;
  /** Bytes on disk that do not grow with retention: the write-ahead log. */
  readonly fixed: number;
}

export interface StoreBudget {
  readonly bytesPerDay: number;
  /** Bytes on disk when retention begins to delete. */
  readonly needed: number;
  readonly volume: number;
  /** `needed` as a share of the volume. */
  readonly share: number;
  /** Days until the volume is full; undefined where retention deletes earlier. */
  readonly fullAfterDays: number | undefined;
  /** Whether the bytes on disk of an item were measured, or are the upper bound. */
  readonly measured: boolean;
}

export interface Place {
  readonly retention: Duration;
  readonly storage: Size;
  /** Share of the volume that data may take. @default 1 */
  readonly usable?: number;
  /** Bytes on disk of an item that nothing larger is known of: the upper bound. */
  readonly atMost: number;
}

const secondsPerDay = 86_400;

/** What a store needs at the rate of now, if it stays so until retention begins to delete. */
export function budgetOf(measured: Measured, place: Place): StoreBudget {
  const { retention, storage, usable = 1, atMost } = place;
  const bytesPerDay = measured.rate * secondsPerDay * (measured.stored ?? atMost);
  const needed = bytesPerDay * retention.toDays({ integral: false }) + measured.fixed;
  const volume = storage.toKibibytes() * 1024 * usable;
  return {
    bytesPerDay,
    needed,
    volume,
    share: needed / volume,
    fullAfterDays: needed <= volume ? undefined : (volume - measured.fixed) / bytesPerDay,
    measured: measured.stored !== undefined,
  };
}
