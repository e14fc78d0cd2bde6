import { oddItems } from '../bench/odd-items/index.ts';
import type { ExpectedOutcome } from '../bench/odd-items/odd-item.ts';
import { refusedRequests } from '../bench/odd-items/refused.ts';
import { markdownTable } from './markdown-table.ts';

/** What becomes of every kind of odd telemetry that the tests send. */
export function oddItemTable(): string {
  const refused = refusedRequests.map(({ what, status }) => [
    what,
    `refused with ${status}`,
    "the sender's log",
  ]);
  const accepted = oddItems.map(({ what, outcome }) => [what, result(outcome), counter(outcome)]);
  return markdownTable(['sent', 'result', 'counted by'], [...refused, ...accepted]);
}

function result(outcome: ExpectedOutcome): string {
  if (!outcome.stored) return 'dropped alone';
  return outcome.as === undefined ? 'stored' : `stored, ${outcome.as}`;
}

function counter(outcome: ExpectedOutcome): string {
  if (outcome.stored) return '';
  const { job, metric, label, reason } = outcome.discard;
  return `\`${metric}{${label}="${reason}"}\`; [TelemetryDiscarded](runbooks/TelemetryDiscarded.md) of ${job}`;
}
