import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../../ops/cluster/session.ts';
import { forwardTo } from '../../ops/connections/connections.ts';
import type { Forward } from '../../ops/connections/port-forward.ts';
import { fetchText } from '../../ops/stores/http.ts';
import { newTraceContext } from '../../ops/stores/tracked-request.ts';
import { allTaken, type Batch, bodies, paths, type Signal, signals } from './otlp.ts';

/** What was sent, and what of it was acknowledged. */
export interface Sent {
  readonly run: string;
  readonly count: number;
  /** When the first item happened, in milliseconds. */
  readonly since: number;
  readonly acknowledged: Readonly<Record<Signal, ReadonlySet<number>>>;
  /** The traces whose spans were acknowledged, each with the numbers of its spans. */
  readonly traces: readonly SentTrace[];
}

export interface SentTrace {
  readonly id: string;
  readonly numbers: readonly number[];
}

export interface Load {
  /** Items of each signal per second. */
  readonly rate: number;
  readonly seconds: number;
}

const batchMs = 250;

/**
 * Sends numbered items at a steady rate. Each is sent once: what is not acknowledged may be lost or
 * stored, what is acknowledged has to be stored.
 */
export async function send(session: Session, { rate, seconds }: Load): Promise<Sent> {
  const run = randomBytes(4).toString('hex');
  const size = Math.max(1, Math.round((rate * batchMs) / 1000));
  const acknowledged = {
    logs: new Set<number>(),
    spans: new Set<number>(),
    samples: new Set<number>(),
  };
  const traces: SentTrace[] = [];
  const way = new ReconnectingForward(session);
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
    const one = async (signal: Signal) => {
      if (!(await way.take(paths[signal], bodies[signal](batch)))) return;
      for (const number of batch.numbers) acknowledged[signal].add(number);
      if (signal === 'spans') traces.push({ id: batch.traceId, numbers: batch.numbers });
    };
    pending.push(Promise.all(signals.map(one)).then(() => {}));
  }
  await Promise.all(pending);
  await way.close();
  return { run, count, since, acknowledged, traces };
}

/** A connection to the collector that is opened anew when it, or the pod behind it, is gone. */
class ReconnectingForward {
  private readonly session: Session;
  private open: Promise<Forward> | undefined;

  constructor(session: Session) {
    this.session = session;
  }

  /** Whether all of it was acknowledged. */
  async take(path: string, body: unknown): Promise<boolean> {
    this.open ??= forwardTo(this.session, 'otlpHttp');
    const used = this.open;
    try {
      const { url } = await used;
      return allTaken(await fetchText(url, path, { method: 'POST', body }));
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
