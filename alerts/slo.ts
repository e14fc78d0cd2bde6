import { Duration } from 'cdk8s';
import type { Settings } from '../lib/schema.ts';
import { written } from '../lib/settings/units.ts';
import { recorded, recordedLabels, spanMetrics } from '../lib/telemetry/span-metrics.ts';
import { enoughRequests } from './min-traffic.ts';
import type { AlertRule, RecordingRule, RuleGroup } from './rule.ts';

const { calls, latencyBucket, service, spanKind, statusCode } = spanMetrics;
const { slo: objective, window: over } = recordedLabels;
const served = `${spanKind}="${spanMetrics.server}"`;

/**
 * How fast a budget may be spent, as in https://sre.google/workbook/alerting-on-slos/ for a window
 * of 30 days: what it asks for 1 h at 14.4 times the allowed speed is 2 % of the budget.
 */
const burns = {
  fast: [
    { factor: 14.4, longHours: 1, shortHours: 1 / 12 },
    { factor: 6, longHours: 6, shortHours: 0.5 },
  ],
  slow: [
    { factor: 3, longHours: 24, shortHours: 2 },
    { factor: 1, longHours: 72, shortHours: 6 },
  ],
} as const;

type Speed = keyof typeof burns;

/** Objectives: what share of requests must be answered well, and when too much of the rest is spent. */
export function sloRules(settings: Settings): RuleGroup[] {
  return [
    { name: 'slo', rules: [...base(settings), ...burnRates('fast', settings)] },
    { name: 'slo-slow', interval: Duration.minutes(1), rules: burnRates('slow', settings) },
    // Over the whole window: asked seldom, and often enough not to end between two answers.
    { name: 'slo-budget', interval: Duration.minutes(2), rules: [budgetLeft(settings)] },
    {
      name: 'slo-alerts',
      rules: (['fast', 'slow'] as const).map((speed) => alert(speed, settings)),
    },
  ];
}

/** Over how long objectives hold. */
export function sloWindow({ alerts, prometheus }: Settings): Duration {
  if (alerts.slo.window !== undefined) return alerts.slo.window;
  const month = Duration.days(30);
  return prometheus.retention.toHours() < month.toHours() ? prometheus.retention : month;
}

/** A window of the workbook's, in proportion to ours; four scrapes are the least that gives a rate. */
function scaled(hours: number, settings: Settings): Duration {
  const seconds = (hours * 3600 * sloWindow(settings).toHours()) / (30 * 24);
  return Duration.seconds(Math.max(60, Math.round(seconds)));
}

/** Requests, and those that missed an objective, per second: of these all windows are made. */
function base({ alerts: { slo } }: Settings): RecordingRule[] {
  const rate = (metric: string, selector: string) =>
    `sum by (${service}) (rate(${metric}{${selector}}[1m]))`;
  const requests = rate(calls, served);
  const failed = rate(calls, `${served}, ${statusCode}="${spanMetrics.error}"`);
  const inTime = rate(latencyBucket, `${served}, le="${Number.parseFloat(slo.latencyBound)}"`);
  const all = rate(latencyBucket, `${served}, le="+Inf"`);
  return [
    { record: recorded.sloRequests, expr: requests },
    {
      record: recorded.sloMisses,
      expr: `${failed} or 0 * ${requests}`,
      labels: { [objective]: 'availability' },
    },
    { record: recorded.sloMisses, expr: `${all} - ${inTime}`, labels: { [objective]: 'latency' } },
  ];
}

/** How many times faster than allowed the budget was spent over a window. */
function burn(window: string, slo: 'availability' | 'latency', settings: Settings): string {
  const allowed = Number((1 - settings.alerts.slo[slo]).toFixed(5));
  const average = (metric: string) => `avg_over_time(${metric}[${window}])`;
  const misses = average(`${recorded.sloMisses}{${objective}="${slo}"}`);
  return `${misses} / on (${service}) group_left () ${average(recorded.sloRequests)} / ${allowed}`;
}

function windows(speed: Speed, settings: Settings): string[] {
  const hours = burns[speed].flatMap(({ longHours, shortHours }) => [longHours, shortHours]);
  return [...new Set(hours.map((each) => written(scaled(each, settings))))];
}

function burnRates(speed: Speed, settings: Settings): RecordingRule[] {
  // What both need is recorded once.
  const others = speed === 'slow' ? windows('fast', settings) : [];
  const own = windows(speed, settings).filter((window) => !others.includes(window));
  return own.flatMap((window) =>
    (['availability', 'latency'] as const).map((slo) => ({
      record: recorded.sloBurn,
      expr: burn(window, slo, settings),
      labels: { [objective]: slo, [over]: window },
    })),
  );
}

function budgetLeft(settings: Settings): RecordingRule {
  const window = written(sloWindow(settings));
  const spent = (['availability', 'latency'] as const).map((slo) => burn(window, slo, settings));
  return { record: recorded.sloBudgetLeft, expr: `1 - (${spent.join(' or ')})` };
}

function alert(speed: Speed, settings: Settings): AlertRule {
  const { alerts } = settings;
  const above = (window: string | undefined, factor: number) =>
    `${recorded.sloBurn}{${over}="${window}"} > ${factor}`;
  const both = burns[speed].map(({ factor, longHours, shortHours }) => {
    const [long, short] = [longHours, shortHours].map((each) => written(scaled(each, settings)));
    return `(${above(long, factor)} and ignoring (${over}) ${above(short, factor)})`;
  });
  const enough = enoughRequests(recorded.requests, settings);
  const fast = speed === 'fast';
  return {
    alert: fast ? 'ErrorBudgetBurnFast' : 'ErrorBudgetBurnSlow',
    expr: `max by (${service}, ${objective}) (${both.join(' or ')}) and on (${service}) ${enough}`,
    // The first failures of a new installation are a large share of its few requests.
    for: fast ? alerts.stackFor : scaled(1, settings),
    severity: fast ? 'critical' : 'warning',
    component: 'app',
    serviceLabel: 'service',
    summary: `{{ $labels.service }} will miss its objective for {{ $labels.${objective} }}`,
    description: `{{ $labels.service }} spends the error budget of its {{ $labels.${objective} }} {{ $value | humanize }} times as fast as the ${written(sloWindow(settings))} of the objective allow.`,
    dashboard: 'unified',
    panel: 'Error budget left',
  };
}
