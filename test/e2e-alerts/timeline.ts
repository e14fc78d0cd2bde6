import type { ActiveAlert } from '../../ops/stores/prometheus.ts';
import type { Notification } from './receiver.ts';

/** An alert that a fault has to cause. */
export interface Expected {
  readonly alert: string;
  /** Labels that tell it from others of its name. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Another alert keeps Alertmanager from telling of it. */
  readonly silenced?: true;
  /** The most that it may take to be over once its cause is. @default 480 */
  readonly resolveSeconds?: number;
}

/** What is seen at one moment. */
export interface Moment {
  readonly at: number;
  readonly active: readonly ActiveAlert[];
  readonly received: readonly Notification[];
  /** Labels of the alerts that Alertmanager knows and, because of others, does not tell of. */
  readonly silenced: readonly Readonly<Record<string, string>>[];
}

/** When an alert went from one state into the next, in milliseconds. */
export interface Timeline {
  readonly expected: Expected;
  readonly injected: number;
  pending?: number;
  firing?: number;
  arrived?: number;
  cleared?: number;
  resolved?: number;
  mistake?: string;
}

/** Whether it is an alert with these labels that was expected. */
export function isExpected(
  { alert, labels = {} }: Expected,
  seen: Readonly<Record<string, string>>,
): boolean {
  return (
    seen.alertname === alert && Object.entries(labels).every(([key, value]) => seen[key] === value)
  );
}

/** Notes what is new. */
export function note(line: Timeline, moment: Moment): void {
  const { expected, injected } = line;
  const matches = (labels: Readonly<Record<string, string>>) => isExpected(expected, labels);
  const active = moment.active.filter(({ labels }) => matches(labels));
  if (active.some(({ state }) => state === 'pending')) line.pending ??= moment.at;
  if (active.some(({ state }) => state === 'firing')) line.firing ??= moment.at;

  const told = moment.received.filter(({ at, alert }) => at >= injected && matches(alert.labels));
  const first = told.find(({ alert }) => alert.status === 'firing');
  if (first !== undefined && line.arrived === undefined) {
    line.arrived = first.at;
    line.mistake = mistakeIn(first);
  }
  if (expected.silenced && moment.silenced.some(matches)) line.arrived ??= moment.at;
  const { cleared } = line;
  if (cleared === undefined) return;
  if (expected.silenced) {
    if (active.length === 0) line.resolved ??= moment.at;
    return;
  }
  const over = told.find(({ at, alert }) => at > cleared && alert.status === 'resolved');
  if (over !== undefined) line.resolved ??= over.at;
}

/** What a notification lacks of what its reader needs. */
function mistakeIn({ alert: { labels, annotations } }: Notification): string | undefined {
  const { alertname = '' } = labels;
  const lacking = [
    ...['severity', 'component'].filter((name) => !labels[name]),
    ...['summary', 'description'].filter((name) => !/\S{2}/.test(annotations[name] ?? '')),
    ...(annotations.runbook_url?.endsWith(`/${alertname}.md`) ? [] : ['runbook_url']),
    ...(/\/d\/mantis-/.test(annotations.dashboard_url ?? '') ? [] : ['dashboard_url']),
  ];
  const unfilled = Object.values(annotations).filter((text) => /\{\{|<no value>|%!/.test(text));
  const wrong = [...lacking.map((name) => `lacks ${name}`), ...unfilled];
  return wrong.length === 0 ? undefined : wrong.join('; ');
}
