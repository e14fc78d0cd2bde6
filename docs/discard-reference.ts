import { exportErrors } from '../lib/telemetry/discards/collector.ts';
import type { DiscardOutcome, DiscardReason } from '../lib/telemetry/discards/reason.ts';
import { discardSources } from '../lib/telemetry/discards/sources.ts';
import { markdownTable } from './markdown-table.ts';

const outcomes: Readonly<Record<DiscardOutcome, string>> = {
  lost: 'lost',
  retried: 'sent again',
  uncounted: 'stored, not counted',
  refused: 'page refused',
};

/** Every reason of TelemetryDiscarded, for its runbook. */
export function discardTable(): string {
  const rows = discardSources.flatMap(({ job, reasons }) =>
    Object.entries(reasons).map(([name, reason]) => discardRow(job, name, reason)),
  );
  return markdownTable(['job', 'reason', 'items', 'cause', 'action'], rows);
}

function discardRow(job: string, name: string, reason: DiscardReason): string[] {
  const { cause, action, seeAlso, outcome = 'lost' } = reason;
  const link = seeAlso === undefined ? '' : `; [${seeAlso}](${seeAlso}.md)`;
  return [job, `\`${name}\``, outcomes[outcome], cause, `${action}${link}`];
}

/** Messages of the collector about telemetry that it gave up, for the runbook of CollectorDropping. */
export function exportErrorTable(): string {
  const rows = exportErrors.map(({ message, cause, action }) => [`\`${message}\``, cause, action]);
  return markdownTable(['the collector logs', 'cause', 'action'], rows);
}
