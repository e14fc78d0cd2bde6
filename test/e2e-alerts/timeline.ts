import type { ActiveAlert } from '../../ops/stores/prometheus.ts';
import type { Notification } from './alert-receiver.ts';

export interface ExpectedAlert {
  readonly alert: string;
  /** Labels that distinguish it from other alerts of the same name. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Another alert inhibits its notification. */
  readonly inhibited?: true;
  /** The time in which it must resolve after the fault has ended. @default 480 */
  readonly resolveSeconds?: number;
}

/** Alerts and notifications at one time. */
export interface Observation {
  readonly at: number;
  readonly active: readonly ActiveAlert[];
  readonly received: readonly Notification[];
  /** Labels of the inhibited alerts. */
  readonly inhibited: readonly Readonly<Record<string, string>>[];
}

/** When an alert reached each state, in milliseconds. */
export interface Timeline {
  readonly expected: ExpectedAlert;
  readonly injected: number;
  pending?: number;
  firing?: number;
  notified?: number;
  cleared?: number;
  resolved?: number;
  problem?: string;
}

export function matchesExpected(
  { alert, labels = {} }: ExpectedAlert,
  actual: Readonly<Record<string, string>>,
): boolean {
  return (
    actual.alertname === alert &&
    Object.entries(labels).every(([key, value]) => actual[key] === value)
  );
}

/** Adds the states that are new. */
export function recordObservation(timeline: Timeline, observation: Observation): void {
  const { expected, injected } = timeline;
  const matches = (labels: Readonly<Record<string, string>>) => matchesExpected(expected, labels);
  const active = observation.active.filter(({ labels }) => matches(labels));
  if (active.some(({ state }) => state === 'pending')) timeline.pending ??= observation.at;
  if (active.some(({ state }) => state === 'firing')) timeline.firing ??= observation.at;

  const notifications = observation.received.filter(
    ({ at, alert }) => at >= injected && matches(alert.labels),
  );
  const first = notifications.find(({ alert }) => alert.status === 'firing');
  if (first !== undefined && timeline.notified === undefined) {
    timeline.notified = first.at;
    timeline.problem = findProblem(first);
  }
  if (expected.inhibited && observation.inhibited.some(matches))
    timeline.notified ??= observation.at;
  const { cleared } = timeline;
  if (cleared === undefined) return;
  if (expected.inhibited) {
    if (active.length === 0) timeline.resolved ??= observation.at;
    return;
  }
  const resolvedNotification = notifications.find(
    ({ at, alert }) => at > cleared && alert.status === 'resolved',
  );
  if (resolvedNotification !== undefined) timeline.resolved ??= resolvedNotification.at;
}

/** Missing labels and annotations of a notification. */
function findProblem({ alert: { labels, annotations } }: Notification): string | undefined {
  const { alertname = '' } = labels;
  const missing = [
    ...['severity', 'component'].filter((name) => !labels[name]),
    ...['summary', 'description'].filter((name) => !/\S{2}/.test(annotations[name] ?? '')),
    ...(annotations.runbook_url?.endsWith(`/${alertname}.md`) ? [] : ['runbook_url']),
    ...(/\/d\/mantis-/.test(annotations.dashboard_url ?? '') ? [] : ['dashboard_url']),
  ];
  const unexpanded = Object.values(annotations).filter((text) => /\{\{|<no value>|%!/.test(text));
  const problems = [...missing.map((name) => `lacks ${name}`), ...unexpanded];
  return problems.length === 0 ? undefined : problems.join('; ');
}
