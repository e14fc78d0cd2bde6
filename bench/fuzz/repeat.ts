import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../../ops/cluster/session.ts';
import { Ledger } from '../delivery/ledger.ts';
import { increasedCounts, readCounts } from './counters.ts';
import { makeRequest } from './make-request.ts';
import { isMissing, type Outcome } from './outcome.ts';
import { withSenders } from './senders.ts';
import { type OddRun, readStoredOdd } from './stored-odd-items.ts';

interface Repetition {
  readonly run: OddRun;
  readonly seed: number;
}

/** Of each kind, this many requests are sent again. */
const perKind = 1;
const timeoutMs = 15_000;

/**
 * Sends the requests whose odd item is not stored again, one after the other, in order to see for
 * each whether it is counted: an exporter counts every item of a batch that failed, so the total of
 * a run does not tell which of them was.
 *
 * @returns how many were sent again
 */
export async function repeatMissing(
  session: Session,
  repetition: Repetition,
  outcomes: readonly Outcome[],
): Promise<number> {
  const repeated = new Map<string, number>();
  for (const outcome of outcomes.filter(isMissing)) {
    const kind = `${outcome.request.type} ${outcome.request.kind}`;
    const times = repeated.get(kind) ?? 0;
    if (times >= perKind) continue;
    repeated.set(kind, times + 1);
    outcome.countedAlone = await isCountedAlone(session, repetition, outcome);
  }
  return [...repeated.values()].reduce((sum, times) => sum + times, 0);
}

/** Whether the item of a request is counted, or stored this time. */
async function isCountedAlone(
  session: Session,
  { run, seed }: Repetition,
  { request: { number, type } }: Outcome,
): Promise<boolean> {
  const before = await readCounts(session);
  const ledger = new Ledger(run.run);
  const request = makeRequest({ seed, number, ledger, now: () => Date.now() });
  await withSenders(session, ({ send }) => send(request));
  for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
    await sleep(500);
    const increases = increasedCounts(before, await readCounts(session));
    if (increases.some((count) => count.type === type)) return true;
  }
  const stored = await readStoredOdd(session, type, run, [request]);
  return stored.has(number);
}
