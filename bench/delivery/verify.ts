import type { Session } from '../../ops/cluster/session.ts';
import { withStores } from '../../ops/connections/stores.ts';
import { UserError } from '../../ops/process/errors.ts';
import { formatTable, print } from '../../ops/process/output.ts';
import { RetryLater, retryUntil } from '../../ops/process/retry.ts';
import { compareStored, type Deliveries, type Entry, Ledger } from './ledger.ts';
import { type ItemType, itemTypes } from './numbered-batch.ts';
import { Sender } from './sender.ts';
import { type Load, type Rates, sendSteadily } from './steady-load.ts';
import { readStored, storeOf } from './stored-items.ts';

export interface VerifyOptions extends Pick<Load, 'seconds'> {
  /** Items per second: of each type, or the same number of all. */
  readonly rate: number | Rates;
  /** How long to wait until every acknowledged item is stored. @default 180 */
  readonly waitSeconds?: number;
}

interface VerifyResult {
  readonly run: string;
  /** The rates at which items were sent. */
  readonly reached: Rates;
  readonly deliveries: Deliveries;
}

/** Sends numbered log lines, spans and samples, and counts how many of them are stored. */
export async function verifyDelivery(
  session: Session,
  { rate, seconds, waitSeconds }: VerifyOptions,
): Promise<VerifyResult> {
  const rates = typeof rate === 'number' ? { logs: rate, spans: rate, samples: rate } : rate;
  const ledger = new Ledger();
  const sender = new Sender(session);
  const reached = await sendSteadily(sender, ledger, { rates, seconds });
  await sender.close();
  await waitUntilStored(session, ledger, waitSeconds);
  return { run: ledger.run, reached, deliveries: ledger.deliveries() };
}

/** Waits until every acknowledged item is stored, or until the timeout; the ledger then has the result. */
export async function waitUntilStored(
  session: Session,
  ledger: Ledger,
  waitSeconds = 180,
): Promise<void> {
  const wait = (type: ItemType) => waitForType(session, type, ledger.entries[type], waitSeconds);
  await Promise.all(itemTypes.map(wait));
}

async function waitForType(
  session: Session,
  type: ItemType,
  entries: readonly Entry[],
  waitSeconds: number,
): Promise<void> {
  // Without acknowledged items there is nothing to wait for.
  if (!entries.some(({ acknowledged }) => acknowledged)) return;
  const store = storeOf(type);
  let hasAnswered = false;
  const probe = () =>
    withStores(session, [store], async (apis) => {
      await readStored(type, apis[store], entries);
      hasAnswered = true;
      const { missing, missingNumbers } = compareStored(entries);
      if (missing > 0) throw new RetryLater(`${missing} ${type} are missing: ${missingNumbers}`);
    });
  const options = { timeoutSeconds: waitSeconds, intervalMs: 3000 };
  await retryUntil(`all ${type} are stored`, probe, options).catch((error: unknown) => {
    // Missing items are a result, a store that does not answer is an error.
    if (!hasAnswered) throw error;
  });
}

export function deliveryTable(deliveries: Deliveries): string {
  const head = ['ITEMS', 'SENT', 'ACKNOWLEDGED', 'STORED', 'MISSING', 'DUPLICATED'];
  const rows = itemTypes.map((type) => {
    const { sent, acknowledged, stored, missing, duplicated, missingNumbers } = deliveries[type];
    const counts = [sent, acknowledged, stored, missing, duplicated].map(String);
    return [type, ...counts, missingNumbers];
  });
  return formatTable([[...head, ''], ...rows]);
}

/** The error message about a type whose rate was not reached, or undefined. */
export function slowMessage(type: ItemType, wanted: Rates, reached: Rates): string | undefined {
  if (reached[type] >= 0.95 * wanted[type]) return undefined;
  return `reached ${reached[type]} of ${wanted[type]} ${type} per second: this machine or the collector is not faster`;
}

/**
 * `npm run verify-delivery`: prints a table and one line of JSON.
 *
 * @throws UserError if an acknowledged item is not stored
 */
export async function reportDelivery(session: Session, { rates, seconds }: Load): Promise<void> {
  const text = itemTypes.map((type) => `${rates[type]} ${type}`).join(', ');
  print(`sending per second for ${seconds} s: ${text}`);
  const { run, reached, deliveries } = await verifyDelivery(session, { rate: rates, seconds });
  for (const type of itemTypes) {
    const slow = slowMessage(type, rates, reached);
    if (slow !== undefined) print(slow);
  }
  print(deliveryTable(deliveries));
  print(JSON.stringify({ run, rates, reached, seconds, ...deliveries }));
  const lost = itemTypes.filter((type) => deliveries[type].missing > 0);
  if (lost.length > 0) throw new UserError(`acknowledged and not stored: ${lost.join(', ')}`);
  const refused = itemTypes.filter((type) => deliveries[type].acknowledged === 0);
  if (refused.length > 0) throw new UserError(`nothing was acknowledged: ${refused.join(', ')}`);
}
