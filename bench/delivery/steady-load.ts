import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from './ledger.ts';
import { batchMs, type ItemType, itemTypes } from './numbered-batch.ts';
import type { Sender } from './sender.ts';

/** Items per second of each type. */
export type Rates = Readonly<Record<ItemType, number>>;

export interface Load {
  readonly rates: Rates;
  readonly seconds: number;
}

/** Requests of one type that wait for their answer. */
const concurrency = 8;
/** How late a batch may be sent; a sender that falls further behind sends less. */
const maxLateMs = 5_000;

/**
 * Sends numbered items at a steady rate, each once: an acknowledged item has to be stored, one that is
 * not acknowledged may be stored or lost.
 *
 * @returns the rates that were reached
 */
export async function sendSteadily(sender: Sender, ledger: Ledger, load: Load): Promise<Rates> {
  const [logs = 0, spans = 0, samples = 0] = await Promise.all(
    itemTypes.map((type) => sendType(sender, ledger, type, load)),
  );
  return { logs, spans, samples };
}

async function sendType(
  sender: Sender,
  ledger: Ledger,
  type: ItemType,
  { rates, seconds }: Load,
): Promise<number> {
  const pending = new Set<Promise<void>>();
  const start = performance.now();
  const since = Date.now();
  const steps = Math.ceil((seconds * 1000) / batchMs);
  const itemsUntil = (step: number) => Math.round((rates[type] * step * batchMs) / 1000);
  let sent = 0;
  for (let step = 0; step < steps; step++) {
    const lateMs = performance.now() - start - step * batchMs;
    if (lateMs > maxLateMs) continue;
    await sleep(Math.max(0, -lateMs));
    while (pending.size >= concurrency) await Promise.race(pending);
    const size = itemsUntil(step + 1) - itemsUntil(step);
    if (size === 0) continue;
    sent += size;
    const entry = ledger.add(type, size, since + step * batchMs);
    const sending = sender.send(entry).finally(() => pending.delete(sending));
    pending.add(sending);
  }
  await Promise.all(pending);
  return Math.round(sent / Math.max(seconds, (performance.now() - start) / 1000));
}
