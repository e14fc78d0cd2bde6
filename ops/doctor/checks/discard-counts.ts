import type { DiscardCounter, DiscardSource } from '../../../lib/telemetry/discards/reason.ts';
import { discardSources, findReason } from '../../../lib/telemetry/discards/sources.ts';
import type { MetricsPage } from './collector-page.ts';

function countDiscards({ counters }: DiscardSource, page: MetricsPage): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { metric, labels, value } of page) {
    const counter = counters.find((each) => each.metric === metric);
    const reason = counter && reasonOf(counter, labels);
    if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + value);
  }
  return counts;
}

function reasonOf(
  { reason, only, except }: DiscardCounter,
  labels: Readonly<Record<string, string>>,
): string | undefined {
  const name = 'value' in reason ? reason.value : (labels[reason.label] ?? 'unknown');
  if (except?.includes(name)) return undefined;
  return only === undefined || only.includes(name) ? name : undefined;
}

/**
 * What a component discarded between two readings of its metrics page; since it started if there is
 * no earlier one, or if it restarted between them.
 */
export function discardsSince(
  job: DiscardSource['job'],
  now: MetricsPage,
  before: MetricsPage = [],
) {
  const source = discardSources.find((each) => each.job === job);
  if (source === undefined) return [];
  const then = countDiscards(source, before);
  return [...countDiscards(source, now)].flatMap(([reason, value]) => {
    const earlier = then.get(reason) ?? 0;
    const count = value < earlier ? value : value - earlier;
    return count > 0 ? [{ job, reason, count }] : [];
  });
}

/** The items that a component discarded for one reason. */
export type DiscardCount = ReturnType<typeof discardsSince>[number];

/** Whether the items are in their store nevertheless, or will be. */
export function isStored({ job, reason }: DiscardCount): boolean {
  return (findReason(job, reason)?.outcome ?? 'lost') !== 'lost';
}

/** `too_far_behind 3, rate_limited 12`. */
export function describeCounts(counts: readonly DiscardCount[]): string {
  return counts.map(({ reason, count }) => `${reason} ${count}`).join(', ');
}

/** What the reasons mean, and what to do about them. */
export function adviceOn(counts: readonly DiscardCount[]): string {
  const advice = counts.map(({ job, reason }) => {
    const known = findReason(job, reason);
    return known === undefined
      ? `${job} discarded ${reason}`
      : `${job} discarded ${reason}: ${known.cause}: ${known.action}`;
  });
  return `${advice.join('; ')} (docs/runbooks/TelemetryDiscarded.md)`;
}
