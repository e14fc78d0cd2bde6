import type { Session } from '../../ops/cluster/session.ts';
import { withForwards } from '../../ops/connections/endpoint-urls.ts';
import { parseSeconds } from '../../ops/process/duration.ts';
import { UserError } from '../../ops/process/errors.ts';
import { formatTable, print } from '../../ops/process/output.ts';
import { RetryLater, retryUntil } from '../../ops/process/retry.ts';
import { type ItemType, itemTypes } from './numbered-batch.ts';
import { type SendOptions, type SendResult, sendItems } from './sender.ts';
import { readers, type StoredCounts, storeOf } from './stored-items.ts';

/** The result for the items of one type. */
export interface Delivery {
  readonly sent: number;
  readonly acknowledged: number;
  /** Distinct numbers that are stored, acknowledged or not. */
  readonly stored: number;
  /** Acknowledged and not stored. */
  readonly missing: number;
  /** Stored more than once, as may happen when a response was lost. */
  readonly duplicated: number;
  /** The first numbers that are missing. */
  readonly examples: readonly number[];
}

export type Deliveries = Readonly<Record<ItemType, Delivery>>;

export interface VerifyOptions extends SendOptions {
  /** How long to wait until every acknowledged item is stored. @default 180 */
  readonly waitSeconds?: number;
}

/** Sends numbered log lines, spans and samples, and counts how many of them are stored. */
export async function verifyDelivery(session: Session, options: VerifyOptions) {
  const { waitSeconds = 180, ...sendOptions } = options;
  const sent = await sendItems(session, sendOptions);
  const pairs = await Promise.all(
    itemTypes.map(async (type) => {
      const acknowledged = sent.acknowledged[type].size > 0;
      // Without acknowledged items there is nothing to wait for.
      const stored = acknowledged
        ? await waitUntilStored(session, type, { sent, waitSeconds })
        : new Map();
      return [type, compareDelivery(type, sent, stored)] as const;
    }),
  );
  return { run: sent.run, deliveries: Object.fromEntries(pairs) as Record<ItemType, Delivery> };
}

/** Waits until every acknowledged item of a type is stored, or until the timeout. @returns the stored items */
async function waitUntilStored(
  session: Session,
  type: ItemType,
  { sent, waitSeconds }: { sent: SendResult; waitSeconds: number },
): Promise<StoredCounts> {
  const store = storeOf[type];
  const found = new Map<number, number>();
  let hasAnswered = false;
  const probe = () =>
    withForwards(session, [store], async (urls) => {
      await readers[type](urls[store], sent, found);
      hasAnswered = true;
      const { missing } = compareDelivery(type, sent, found);
      if (missing > 0) throw new RetryLater(`${missing} ${type} are missing`);
    });
  const what = `all ${type} are stored`;
  await retryUntil(what, probe, { timeoutSeconds: waitSeconds, intervalMs: 3000 }).catch(
    (error: unknown) => {
      // Missing items are a result, a store that does not answer is an error.
      if (!hasAnswered && found.size === 0) throw error;
    },
  );
  return found;
}

export function compareDelivery(
  type: ItemType,
  sent: SendResult,
  stored: StoredCounts = new Map(),
): Delivery {
  const acknowledged = sent.acknowledged[type];
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
  const head = ['ITEMS', 'SENT', 'ACKNOWLEDGED', 'STORED', 'MISSING', 'DUPLICATED'];
  const rows = itemTypes.map((type) => {
    const { sent, acknowledged, stored, missing, duplicated } = deliveries[type];
    return [type, ...[sent, acknowledged, stored, missing, duplicated].map(String)];
  });
  return formatTable([head, ...rows]);
}

/** @throws UserError that names the option */
export function parseDelivery(rate: string, duration: string): SendOptions {
  // The items of a run have distinct timestamps in milliseconds.
  if (!/^\d{1,4}$/.test(rate) || Number(rate) < 1 || Number(rate) > 1000) {
    throw new UserError(`--rate must be a whole number from 1 to 1000, got "${rate}"`);
  }
  return { rate: Number(rate), seconds: parseSeconds('--duration', duration) };
}

/**
 * `npm run verify-delivery`: prints a table and one line of JSON.
 *
 * @throws UserError if an acknowledged item is not stored
 */
export async function reportDelivery(session: Session, options: VerifyOptions): Promise<void> {
  const { rate, seconds } = options;
  print(`sending ${rate} log lines, spans and samples per second for ${seconds} s`);
  const { run, deliveries } = await verifyDelivery(session, options);
  print(deliveryTable(deliveries));
  print(JSON.stringify({ run, rate, seconds, ...deliveries }));
  const lost = itemTypes.filter((type) => deliveries[type].missing > 0);
  if (lost.length > 0) throw new UserError(`acknowledged and not stored: ${lost.join(', ')}`);
  const refused = itemTypes.filter((type) => deliveries[type].acknowledged === 0);
  if (refused.length > 0) throw new UserError(`nothing was acknowledged: ${refused.join(', ')}`);
}
