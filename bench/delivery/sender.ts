import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../../ops/cluster/session.ts';
import { forwardTo } from '../../ops/connections/endpoint-urls.ts';
import type { Forward } from '../../ops/connections/port-forward.ts';
import { fetchText } from '../../ops/stores/http.ts';
import { newTraceContext } from '../../ops/stores/tracked-request.ts';
import {
  type Batch,
  type ItemType,
  isFullyAccepted,
  itemTypes,
  otlpPaths,
  requestBodies,
} from './numbered-batch.ts';

/** What was sent, and which items were acknowledged. */
export interface SendResult {
  readonly run: string;
  readonly count: number;
  /** The time of the first item, in milliseconds. */
  readonly since: number;
  readonly acknowledged: Readonly<Record<ItemType, ReadonlySet<number>>>;
  /** The traces whose spans were acknowledged, each with the numbers of its spans. */
  readonly traces: readonly SentTrace[];
}

export interface SentTrace {
  readonly id: string;
  readonly numbers: readonly number[];
}

export interface SendOptions {
  /** Items of each type per second. */
  readonly rate: number;
  readonly seconds: number;
}

const batchMs = 250;

/**
 * Sends numbered items at a steady rate, each once: an acknowledged item has to be stored, one that is
 * not acknowledged may be stored or lost.
 */
export async function sendItems(
  session: Session,
  { rate, seconds }: SendOptions,
): Promise<SendResult> {
  const run = randomBytes(4).toString('hex');
  const size = Math.max(1, Math.round((rate * batchMs) / 1000));
  const acknowledged = {
    logs: new Set<number>(),
    spans: new Set<number>(),
    samples: new Set<number>(),
  };
  const traces: SentTrace[] = [];
  const collector = new ReconnectingForward(session);
  const since = Date.now();
  const pending: Promise<void>[] = [];
  let count = 0;
  for (let step = 0; step * batchMs < seconds * 1000; step++) {
    const at = since + step * batchMs;
    await sleep(Math.max(0, at - Date.now()));
    const batch: Batch = {
      run,
      at,
      numbers: Array.from({ length: size }, (_, index) => count + index + 1),
      traceId: newTraceContext().traceId,
    };
    count += size;
    const sendBatch = async (type: ItemType) => {
      if (!(await collector.post(otlpPaths[type], requestBodies[type](batch)))) return;
      for (const number of batch.numbers) acknowledged[type].add(number);
      if (type === 'spans') traces.push({ id: batch.traceId, numbers: batch.numbers });
    };
    pending.push(Promise.all(itemTypes.map(sendBatch)).then(() => {}));
  }
  await Promise.all(pending);
  await collector.close();
  return { run, count, since, acknowledged, traces };
}

/** A forwarded port of the collector, which is reopened after an error. */
class ReconnectingForward {
  private readonly session: Session;
  private open: Promise<Forward> | undefined;

  constructor(session: Session) {
    this.session = session;
  }

  /** @returns whether every item was acknowledged */
  async post(path: string, body: unknown): Promise<boolean> {
    this.open ??= forwardTo(this.session, 'otlpHttp');
    const used = this.open;
    try {
      const { url } = await used;
      return isFullyAccepted(await fetchText(url, path, { method: 'POST', body }));
    } catch {
      if (this.open === used) await this.close();
      return false;
    }
  }

  async close(): Promise<void> {
    const { open } = this;
    this.open = undefined;
    await open?.then((forward) => forward.close()).catch(() => {});
  }
}
