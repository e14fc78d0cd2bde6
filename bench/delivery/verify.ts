import type { Session } from '../../ops/cluster/session.ts';
import { withForwards } from '../../ops/connections/connections.ts';
import { UserError } from '../../ops/process/errors.ts';
import { say, table } from '../../ops/process/output.ts';
import { NotYet, retryUntil } from '../../ops/process/retry.ts';
import { seconds } from '../../ops/process/seconds.ts';
import { type Signal, signals } from './otlp.ts';
import { type Load, type Sent, send } from './sender.ts';
import { readers, type Stored, storeOf } from './stored.ts';

/** What became of the items of one signal. */
export interface Delivery {
  readonly sent: number;
  readonly acknowledged: number;
  /** Different numbers that are stored, acknowledged or not. */
  readonly stored: number;
  /** Acknowledged and not stored: lost. */
  readonly missing: number;
  /** Stored more than once, as may happen when an answer was lost. */
  readonly duplicated: number;
  /** The first numbers that are missing. */
  readonly examples: readonly number[];
}

export type Deliveries = Readonly<Record<Signal, Delivery>>;

export interface VerifyOptions extends Load {
  /** How long what was acknowledged may take to be stored, in seconds. @default 180 */
  readonly patience?: number;
}

/**
 * Sends numbered lines, spans and samples, and looks for every one that was acknowledged. Does not
 * judge: see `lost`.
 */
export async function verifyDelivery(session: Session, options: VerifyOptions) {
  const { patience = 180, ...load } = options;
  const sent = await send(session, load);
  const pairs = await Promise.all(
    signals.map(async (signal) => {
      const acknowledged = sent.acknowledged[signal].size > 0;
      // Of what nobody took there is nothing to be found.
      const stored = acknowledged ? await look(session, signal, { sent, patience }) : new Map();
      return [signal, delivery(signal, sent, stored)] as const;
    }),
  );
  return { run: sent.run, deliveries: Object.fromEntries(pairs) as Record<Signal, Delivery> };
}

/** What a store has of one signal: when it is complete, or when patience ends. */
async function look(
  session: Session,
  signal: Signal,
  { sent, patience }: { sent: Sent; patience: number },
): Promise<Stored> {
  const store = storeOf[signal];
  const found = new Map<number, number>();
  let answered = false;
  const probe = () =>
    withForwards(session, [store], async (urls) => {
      await readers[signal](urls[store], sent, found);
      answered = true;
      const { missing } = delivery(signal, sent, found);
      if (missing > 0) throw new NotYet(`${missing} ${signal} are missing`);
    });
  const what = `all ${signal} are stored`;
  await retryUntil(what, probe, { timeoutSeconds: patience, everyMs: 3000 }).catch(
    (error: unknown) => {
      // Incomplete is a result; a store that does not answer is none.
      if (!answered && found.size === 0) throw error;
    },
  );
  return found;
}

export function delivery(signal: Signal, sent: Sent, stored: Stored = new Map()): Delivery {
  const acknowledged = sent.acknowledged[signal];
  const missing = [...acknowledged].filter((number) => !stored.has(number));
  return {
    sent: sent.count,
    acknowledged: acknowledged.size,
    stored: stored.size,
    missing: missing.length,
    duplicated: [...stored.values()].filter((times) => times > 1).length,
    examples: missing.slice(0, 5),
  };
}

export function deliveryTable(deliveries: Deliveries): string {
  const head = ['SIGNAL', 'SENT', 'ACKNOWLEDGED', 'STORED', 'MISSING', 'DUPLICATED'];
  const rows = signals.map((signal) => {
    const { sent, acknowledged, stored, missing, duplicated } = deliveries[signal];
    return [signal, ...[sent, acknowledged, stored, missing, duplicated].map(String)];
  });
  return table([head, ...rows]);
}

/** @throws UserError that names the variable */
export function parseDelivery(rate: string, duration: string): Load {
  // Lines of one run differ in their millisecond, of which a second has 1000.
  if (!/^\d{1,4}$/.test(rate) || Number(rate) < 1 || Number(rate) > 1000) {
    throw new UserError(`RATE must be a whole number from 1 to 1000, got "${rate}"`);
  }
  return { rate: Number(rate), seconds: seconds('DURATION', duration) };
}

/** `npm run verify-delivery`: a table, one line of JSON, and an error when anything is lost. */
export async function reportDelivery(session: Session, options: VerifyOptions): Promise<void> {
  const { rate, seconds } = options;
  say(`sending ${rate} lines, spans and samples a second for ${seconds} s`);
  const { run, deliveries } = await verifyDelivery(session, options);
  say(deliveryTable(deliveries));
  say(JSON.stringify({ run, rate, seconds, ...deliveries }));
  const bad = signals.filter((signal) => deliveries[signal].missing > 0);
  if (bad.length > 0) throw new UserError(`acknowledged and not stored: ${bad.join(', ')}`);
  const idle = signals.filter((signal) => deliveries[signal].acknowledged === 0);
  if (idle.length > 0) throw new UserError(`nothing was acknowledged: ${idle.join(', ')}`);
}
