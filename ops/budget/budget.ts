import type { Duration, Size } from 'cdk8s';

/** What one store ingests and how much of it is on disk. */
export interface StoreMeasurement {
  /** Ingested items (Prometheus: samples; Loki and Tempo: bytes) per second. */
  readonly rate: number;
  /** Bytes on disk per item; undefined before the store has written its first block. */
  readonly bytesPerItem?: number | undefined;
  /** Bytes on disk that do not grow with retention: the write-ahead log. */
  readonly fixedBytes: number;
}

export interface StoreBudget {
  readonly bytesPerDay: number;
  /** Bytes on disk when retention starts to delete data. */
  readonly needed: number;
  readonly volume: number;
  /** `needed` as a share of the volume. */
  readonly share: number;
  /** Days until the volume is full; undefined if retention deletes data before. */
  readonly fullAfterDays: number | undefined;
  /** Whether the bytes on disk per item were measured, or are the upper bound. */
  readonly measured: boolean;
}

export interface StoreLimits {
  readonly retention: Duration;
  readonly storage: Size;
  /** Share of the volume that data may use. @default 1 */
  readonly usableRatio?: number;
  /** Upper bound of the bytes on disk per item, used until they are measured. */
  readonly maxBytesPerItem: number;
}

const secondsPerDay = 86_400;

/** How much of its volume a store needs if the current rate continues. */
export function storeBudget(
  { rate, bytesPerItem, fixedBytes }: StoreMeasurement,
  { retention, storage, usableRatio = 1, maxBytesPerItem }: StoreLimits,
): StoreBudget {
  const bytesPerDay = rate * secondsPerDay * (bytesPerItem ?? maxBytesPerItem);
  const needed = bytesPerDay * retention.toDays({ integral: false }) + fixedBytes;
  const volume = storage.toKibibytes() * 1024 * usableRatio;
  return {
    bytesPerDay,
    needed,
    volume,
    share: needed / volume,
    fullAfterDays: needed <= volume ? undefined : (volume - fixedBytes) / bytesPerDay,
    measured: bytesPerItem !== undefined,
  };
}
