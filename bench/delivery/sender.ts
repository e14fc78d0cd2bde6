import type { Signal } from '../../lib/telemetry/signal.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { forwardTo } from '../../ops/connections/endpoint-urls.ts';
import type { Forward } from '../../ops/connections/port-forward.ts';
import { encodeRequest, isFullyAccepted, protobufType } from '../otlp/messages.ts';
import type { Entry } from './ledger.ts';
import { batchRequest, signalOf } from './numbered-batch.ts';

/** The answer of the collector, or the reason why there was none. */
export interface Answer {
  readonly status?: number;
  readonly text: string;
  /** Whether every item was acknowledged. */
  readonly accepted: boolean;
}

/** Sends OTLP over HTTP to the collector, through a forwarded port that is reopened after an error. */
export class Sender {
  private readonly session: Session;
  private open: Promise<Forward> | undefined;

  constructor(session: Session) {
    this.session = session;
  }

  /** Sends a batch once, and notes whether it was acknowledged. */
  async send(entry: Entry): Promise<void> {
    const { batch } = entry;
    const signal = signalOf[batch.type];
    const { accepted } = await this.post(signal, encodeRequest(signal, batchRequest(batch)));
    entry.acknowledged = accepted;
  }

  async post(
    signal: Signal,
    body: Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    this.open ??= forwardTo(this.session, 'otlpHttp');
    const used = this.open;
    try {
      const { url } = await used;
      const response = await fetch(`${url}/v1/${signal}`, {
        method: 'POST',
        headers: { 'content-type': protobufType, ...headers },
        body,
        signal: AbortSignal.timeout(20_000),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      const { ok, status } = response;
      const text = ok ? '' : Buffer.from(bytes).toString();
      return { status, text, accepted: ok && isFullyAccepted(bytes) };
    } catch (error) {
      if (this.open === used) await this.close();
      return { text: String(error), accepted: false };
    }
  }

  async close(): Promise<void> {
    const { open } = this;
    this.open = undefined;
    await open?.then((forward) => forward.close()).catch(() => {});
  }
}
