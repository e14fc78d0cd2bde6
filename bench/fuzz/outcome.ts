import type { Entry, Ledger } from '../delivery/ledger.ts';
import { type ItemType, itemTypes } from '../delivery/numbered-batch.ts';
import type { Answer } from '../delivery/sender.ts';
import { type Count, droppedAtLeast } from './counters.ts';
import type { FuzzRequest } from './make-request.ts';

/** A request, and what became of it. */
export interface Outcome {
  readonly request: Omit<FuzzRequest, 'body'>;
  readonly answer: Answer;
  /** Good items that another sender sent at the same time. */
  readonly beside: Entry;
  /** Whether a store has the odd item. */
  stored: boolean;
  /** Whether a counter increased when the request was sent again alone, because its item was not stored. */
  countedAlone?: boolean;
}

export interface FuzzResult {
  readonly outcomes: readonly Outcome[];
  readonly ledger: Ledger;
  /** What was counted as dropped while the requests were sent together. */
  readonly increases: readonly Count[];
  /** The pods that were restarted or replaced during the run. */
  readonly restarted: readonly string[];
}

/** Whether the odd item was acknowledged, can be found, and was not. */
export function isMissing({ request, answer, stored }: Outcome): boolean {
  return request.marked && answer.accepted && !stored;
}

/**
 * How many odd items of a type were acknowledged, and neither stored nor counted as dropped, if each
 * count was of one of them.
 */
export function unaccounted(
  outcomes: readonly Outcome[],
  increases: readonly Count[],
  type: ItemType,
): number {
  const missing = outcomes.filter((each) => each.request.type === type && isMissing(each)).length;
  return Math.max(0, missing - droppedAtLeast(increases, type));
}

/** What the run has found; nothing if it passed. */
export function fuzzFailures({ outcomes, increases, ledger, restarted }: FuzzResult): string[] {
  const failures = restarted.map((pod) => `${pod} restarted`);
  const accepted = outcomes.filter(({ request, answer }) => request.structural && answer.accepted);
  if (3 * accepted.length < outcomes.length) {
    failures.push(`only ${accepted.length} of ${outcomes.length} requests were valid and accepted`);
  }
  for (const type of itemTypes) {
    const vanished = unaccounted(outcomes, increases, type);
    if (vanished > 0) {
      failures.push(`${vanished} odd ${type} were accepted, and neither stored nor counted`);
    }
    if (!ledger.entries[type].some((entry) => entry.acknowledged)) {
      failures.push(`no good ${type} were acknowledged`);
    }
  }
  for (const { request, beside, countedAlone } of outcomes) {
    const { number, type, kind, good } = request;
    const which = `request ${number}: ${type} ${kind}`;
    if (good.some(isLost)) failures.push(`${which}: good items of the same request are lost`);
    if (isLost(beside)) failures.push(`${which}: good items of another sender are lost`);
    if (countedAlone === false) failures.push(`${which}: accepted, and neither stored nor counted`);
  }
  return failures;
}

function isLost({ acknowledged, stored }: Entry): boolean {
  return acknowledged && stored.some((times) => times === 0);
}
