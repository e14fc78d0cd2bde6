import { setTimeout as sleep } from 'node:timers/promises';
import { bulkhead } from 'cockatiel';
import type { Session } from '../../ops/cluster/session.ts';
import { runStep } from '../../ops/process/output.ts';
import { Ledger } from '../delivery/ledger.ts';
import { itemTypes } from '../delivery/numbered-batch.ts';
import { waitUntilStored } from '../delivery/verify.ts';
import { type Count, increasedCounts, readCounts } from './counters.ts';
import { makeRequest } from './make-request.ts';
import { type FuzzResult, isMissing, type Outcome, unaccounted } from './outcome.ts';
import { repeatMissing } from './repeat.ts';
import { readRestarts } from './restarts.ts';
import { type Senders, withSenders } from './senders.ts';
import { type OddRun, readStoredOdd } from './stored-odd-items.ts';

export interface FuzzOptions {
  readonly seed: number;
  readonly requests: number;
}

/** Requests that wait for their answer. */
const concurrency = 8;
const spansPerTrace = 200;
/** How long to wait for an odd item to be stored or counted. */
const oddWaitSeconds = 60;

/** Sends mutated requests beside good ones, and finds out what became of every item. */
export async function fuzz(session: Session, options: FuzzOptions): Promise<FuzzResult> {
  const ledger = new Ledger(undefined, spansPerTrace);
  const run: OddRun = { run: ledger.run, since: Date.now() };
  const restartsBefore = await readRestarts(session);
  const before = await readCounts(session);
  const outcomes = await runStep(
    () => withSenders(session, (senders) => sendRequests(senders, ledger, options)),
    (sent) => `${sent.length} mutated requests sent`,
  );
  await runStep(
    () => waitUntilStored(session, ledger, 60 + options.requests / 50),
    () => 'good items read from the stores',
  );
  const increases = await runStep(
    () => waitForOdd(session, run, outcomes, before),
    () => 'odd items read from the stores',
  );
  await runStep(
    () => repeatMissing(session, { run, seed: options.seed }, outcomes),
    (repeated) => `${repeated} requests whose item is not stored sent again alone`,
  );
  const restartsAfter = await readRestarts(session);
  const restarted = [...restartsBefore.keys()].filter(
    (pod) => restartsAfter.get(pod) !== restartsBefore.get(pod),
  );
  return { outcomes, ledger, increases, restarted };
}

async function sendRequests(
  { send, neighbour }: Senders,
  ledger: Ledger,
  { seed, requests }: FuzzOptions,
): Promise<Outcome[]> {
  const now = distinctTimes();
  const sendOne = async (number: number): Promise<Outcome> => {
    const made = makeRequest({ seed, number, ledger, now });
    const beside = ledger.add(made.type, 1, now());
    const [answer] = await Promise.all([send(made), neighbour.send(beside)]);
    for (const entry of made.good) entry.acknowledged = answer.accepted;
    const { body, ...request } = made;
    return { request, answer, beside, stored: false };
  };
  const limit = bulkhead(concurrency, Number.MAX_SAFE_INTEGER);
  const numbers = Array.from({ length: requests }, (_, index) => index + 1);
  return Promise.all(numbers.map((number) => limit.execute(() => sendOne(number))));
}

/** Gives times in milliseconds that are all different, as a series has one sample at a time. */
function distinctTimes(): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Date.now());
    return last;
  };
}

/**
 * Reads what is stored until no more odd items are found and each is stored or counted.
 *
 * @returns the counts that have increased
 */
async function waitForOdd(
  session: Session,
  run: OddRun,
  outcomes: readonly Outcome[],
  before: readonly Count[],
): Promise<Count[]> {
  const end = Date.now() + oddWaitSeconds * 1000;
  for (let missing = Number.POSITIVE_INFINITY; ; ) {
    for (const type of itemTypes) {
      const open = outcomes.filter((each) => each.request.type === type && isMissing(each));
      const records = open.map(({ request }) => request);
      const found = await readStoredOdd(session, type, run, records);
      for (const outcome of open) outcome.stored = found.has(outcome.request.number);
    }
    const stillMissing = outcomes.filter(isMissing).length;
    const increases = increasedCounts(before, await readCounts(session));
    const isCounted = itemTypes.every((type) => unaccounted(outcomes, increases, type) === 0);
    const isSteady = stillMissing === 0 || stillMissing === missing;
    if ((isSteady && isCounted) || Date.now() > end) return increases;
    missing = stillMissing;
    await sleep(3000);
  }
}
