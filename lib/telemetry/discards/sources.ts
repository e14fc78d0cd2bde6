import { collectorDiscards } from './collector.ts';
import { lokiDiscards } from './loki.ts';
import { prometheusDiscards } from './prometheus.ts';
import type { DiscardOutcome, DiscardReason, DiscardSource } from './reason.ts';
import { tempoDiscards } from './tempo.ts';

/**
 * Every component that discards telemetry, with its counters and reasons: the source of the alert
 * TelemetryDiscarded, its runbook and the advice of the doctor.
 */
export const discardSources: readonly DiscardSource[] = [
  collectorDiscards,
  prometheusDiscards,
  lokiDiscards,
  tempoDiscards,
];

/** What a reason of a component means; undefined if it is unknown. */
export function findReason(job: string, reason: string): DiscardReason | undefined {
  return discardSources.find((source) => source.job === job)?.reasons[reason];
}

/** The reasons of each component with an outcome other than `lost`. */
export function reasonsWithOutcome(outcome: DiscardOutcome): { job: string; reasons: string[] }[] {
  return discardSources
    .map(({ job, reasons }) => ({
      job,
      reasons: Object.entries(reasons)
        .filter(([, reason]) => (reason.outcome ?? 'lost') === outcome)
        .map(([name]) => name),
    }))
    .filter(({ reasons }) => reasons.length > 0);
}
