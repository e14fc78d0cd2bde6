import type { Settings } from '../../lib/schema.ts';
import type { SignalStore } from '../stores/store.ts';

export interface StoreMeasurement {
  /** Ingested units per second: samples or bytes. */
  readonly rate: number;
  /** Bytes on disk per unit; undefined before the store has written its first block. */
  readonly bytesPerUnit?: number | undefined;
  /** Bytes on disk that do not grow with retention: the write-ahead log. */
  readonly fixedBytes: number;
}

const secondsPerDay = 86_400;

export function storeBudget(
  { name, usage }: Pick<SignalStore, 'name' | 'usage'>,
  { rate, bytesPerUnit, fixedBytes }: StoreMeasurement,
  { retention, storage }: Pick<Settings[SignalStore['name']], 'retention' | 'storage'>,
) {
  const { unit, maxBytesPerUnit, usableRatio = 1 } = usage;
  const bytesPerDay = rate * secondsPerDay * (bytesPerUnit ?? maxBytesPerUnit);
  const needed = bytesPerDay * retention.toDays({ integral: false }) + fixedBytes;
  const volume = storage.toKibibytes() * 1024 * usableRatio;
  return {
    store: name,
    rate,
    unit,
    bytesPerDay,
    retentionHours: retention.toHours(),
    /** Bytes on disk when retention starts to delete data. */
    needed,
    volume,
    share: needed / volume,
    /** Undefined if retention deletes data before the volume is full. */
    fullAfterDays: needed <= volume ? undefined : (volume - fixedBytes) / bytesPerDay,
    /** Whether the bytes on disk per unit were measured, or are the upper bound. */
    measured: bytesPerUnit !== undefined,
  };
}

export type StoreBudget = ReturnType<typeof storeBudget>;
