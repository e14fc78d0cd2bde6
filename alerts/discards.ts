import type { Duration } from 'cdk8s';
import { isEnabled } from '../lib/model/parts.ts';
import { sourceFile } from '../lib/model/source.ts';
import type { Settings } from '../lib/schema.ts';
import { formatDuration } from '../lib/settings/units.ts';
import type { DiscardCounter, DiscardOutcome } from '../lib/telemetry/discards/reason.ts';
import { discardSources, reasonsWithOutcome } from '../lib/telemetry/discards/sources.ts';
import { increased, renameLabel, unionByLabel } from './promql.ts';
import type { AlertRule } from './rule.ts';

export const discardRulesSource = sourceFile(import.meta.filename);

/** Fires for everything that a store, or the collector on behalf of a store, does not keep. */
export function telemetryDiscarded(settings: Settings): AlertRule {
  const { alerts } = settings;
  const sources = discardSources.filter(({ job }) => isEnabled(job, settings));
  const counters = sources.flatMap(({ job, counters }) =>
    counters.map((counter) => ({ job, ...counter })),
  );
  return {
    alert: 'TelemetryDiscarded',
    panel: {
      'otel-collector': 'Items dropped as invalid',
      prometheus: 'Samples rejected or failed',
      loki: 'Lines discarded or failed',
      tempo: 'Spans discarded or failed',
    },
    // The label `counter` keeps apart the counters that have the same other labels.
    expr: `sum by (job, reason) (${unionByLabel(
      'counter',
      Object.fromEntries(
        counters.map((counter) => [counter.metric, byReason(counter, alerts.window)]),
      ),
    )}) > 0`,
    severity: 'warning',
    component: '{{ $labels.job }}',
    summary: '{{ $labels.job }} discards telemetry: {{ $labels.reason }}',
    description: `{{ $labels.job }} discarded {{ $value | humanize }} samples, lines or spans within ${formatDuration(alerts.window)}, because of {{ $labels.reason }}. ${outcomeText}`,
    dashboard: 'stack',
  };
}

type CounterOfJob = DiscardCounter & { readonly job: string };

function byReason({ job, metric, reason, only, except }: CounterOfJob, window: Duration): string {
  if ('value' in reason) {
    // These counters exist from the start.
    const increase = `increase(${metric}{job="${job}"}[${formatDuration(window)}])`;
    return unionByLabel('reason', { [reason.value]: increase });
  }
  const matchers = [
    `job="${job}"`,
    ...(only === undefined ? [] : [`${reason.label}=~"${only.join('|')}"`]),
    ...(except === undefined ? [] : [`${reason.label}!~"${except.join('|')}"`]),
  ];
  const query = increased(`${metric}{${matchers.join(', ')}}`, window);
  return reason.label === 'reason' ? query : renameLabel(query, reason.label, 'reason');
}

const outcomes = {
  refused: 'Nothing of that page is stored; AnnotatedPodRefused names the pod.',
  retried: 'The collector sends them again until they are accepted.',
  uncounted:
    'They are stored, but missing in request rates, error rates and latencies, and in alerts on them.',
} as const satisfies Partial<Record<DiscardOutcome, string>>;

/** A template: what happens to the items depends on the labels `job` and `reason`. */
const outcomeText = [
  ...Object.entries(outcomes).map(
    ([outcome, text], index) =>
      `{{ ${index === 0 ? 'if' : 'else if'} ${isAnyOf(outcome as DiscardOutcome)} }}${text}`,
  ),
  '{{ else }}They are lost.{{ end }}',
].join('');

function isAnyOf(outcome: DiscardOutcome): string {
  const conditions = reasonsWithOutcome(outcome).map(
    ({ job, reasons }) =>
      `(and (eq $labels.job "${job}") (eq $labels.reason ${reasons.map((each) => `"${each}"`).join(' ')}))`,
  );
  return conditions.length === 1 ? (conditions[0] ?? '') : `(or ${conditions.join(' ')})`;
}
