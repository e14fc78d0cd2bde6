import type { Size } from 'cdk8s';
import { sourceFile } from '../../model/source.ts';
import { maxBatchBytes } from '../../telemetry/limits.ts';

export const queueSource = sourceFile(import.meta.filename);

/** How the requests in a queue are merged and split before they are sent. */
interface Batch {
  readonly sizer: 'bytes' | 'items';
  readonly min_size: number;
  readonly max_size: number;
  /** @default 200ms */
  readonly flush_timeout?: string;
}

/** An item larger than max_size would be dropped, so it is larger than any request received. */
export const byBytes: Batch = { sizer: 'bytes', min_size: 1_000_000, max_size: maxBatchBytes };

/**
 * Tempo allocates memory for the square of the number of spans in a request, and keeps a hundred
 * requests for the metrics generator.
 */
export const bySpans: Batch = { sizer: 'items', min_size: 100, max_size: 1000 };

/**
 * For stores with limits of somebody else. By default Loki refuses more than 6 MB in a request, and
 * more than 4 MiB between its parts, with a status that is retried for ever. It counts the attributes
 * of a resource for every line, some 1.5 kB, so that bytes on the way say little: lines do.
 */
export const byFewItems: Batch = { sizer: 'items', min_size: 100, max_size: 500 };

/**
 * Exporter settings that lose nothing that was acknowledged: the queue is on disk, a full queue
 * blocks senders, and retries never end.
 *
 * @param bytes the size of the queue
 */
export function durableQueue(
  bytes: number,
  { num_consumers, batch = byBytes }: { num_consumers?: number; batch?: Batch } = {},
) {
  return {
    sending_queue: {
      storage: 'file_storage',
      sizer: 'bytes',
      queue_size: bytes,
      block_on_overflow: true,
      num_consumers,
      batch: { flush_timeout: '200ms', ...batch },
    },
    retry_on_failure: { initial_interval: '1s', max_interval: '30s', max_elapsed_time: 0 },
  };
}

export function queueBytes(size: Size): number {
  return size.toMebibytes() * 1024 * 1024;
}
