import { Duration } from 'cdk8s';
import { sourceFile } from '../lib/model/source.ts';
import type { Settings } from '../lib/schema.ts';
import { formatDuration } from '../lib/settings/units.ts';
import { recordedLabels, recordedMetrics, spanMetrics } from '../lib/telemetry/span-metrics.ts';
import { minTraffic } from './promql.ts';
import type { AlertRule, RecordingRule, RuleGroup } from './rule.ts';
import { service, serviceTitle } from './service.ts';

export const sloRulesSource = sourceFile(import.meta.filename);

const { calls, latencyBucket, spanKind, statusCode } = spanMetrics;
const byService = service('service');
const title = serviceTitle('service');
const { slo: sloLabel, window: windowLabel } = recordedLabels;
const serverSpans = `${spanKind}="${spanMetrics.server}"`;

/**
 * Burn rates and their windows, from https://sre.google/workbook/alerting-on-slos/ for an SLO
 * window of 30 days: a burn rate of 14.4 for 1 h spends 2 % of the error budget.
 */
const burnRateWindows = {
  fast: [
    { factor: 14.4, longHours: 1, shortHours: 1 / 12 },
    { factor: 6, longHours: 6, shortHours: 0.5 },
  ],
  slow: [
    { factor: 3, longHours: 24, shortHours: 2 },
    { factor: 1, longHours: 72, shortHours: 6 },
  ],
} as const;

type Speed = keyof typeof burnRateWindows;

/** Recording rules and alerts for the error budgets of availability and latency. */
export function sloRules(settings: Settings): RuleGroup[] {
  return [
    { name: 'slo', rules: [...requestRecordings(settings), ...burnRates('fast', settings)] },
    { name: 'slo-slow', interval: Duration.minutes(1), rules: burnRates('slow', settings) },
    // Over the whole SLO window: expensive, so less often, but often enough that the series has no
    // gaps.
    { name: 'slo-budget', interval: Duration.minutes(2), rules: [budgetLeft(settings)] },
    {
      name: 'slo-alerts',
      rules: (['fast', 'slow'] as const).map((speed) => alert(speed, settings)),
    },
  ];
}

/** The window of the objectives. */
function sloWindow({ alerts, prometheus }: Settings): Duration {
  if (alerts.slo.window !== undefined) return alerts.slo.window;
  const month = Duration.days(30);
  return prometheus.retention.toHours() < month.toHours() ? prometheus.retention : month;
}

/**
 * A window of the workbook, scaled to the SLO window; at least a minute, which is four scrape
 * intervals.
 */
function scaledWindow(hours: number, settings: Settings): Duration {
  const seconds = (hours * 3600 * sloWindow(settings).toHours()) / (30 * 24);
  return Duration.seconds(Math.max(60, Math.round(seconds)));
}

/**
 * Rates of requests and of requests that missed an objective, from which all windows are computed.
 */
function requestRecordings({ alerts: { slo } }: Settings): RecordingRule[] {
  const rate = (metric: string, selector: string) =>
    `sum by (${byService}) (rate(${metric}{${selector}}[1m]))`;
  const requests = rate(calls, serverSpans);
  const failed = rate(calls, `${serverSpans}, ${statusCode}="${spanMetrics.error}"`);
  const inTime = rate(latencyBucket, `${serverSpans}, le="${Number.parseFloat(slo.latencyBound)}"`);
  const all = rate(latencyBucket, `${serverSpans}, le="+Inf"`);
  return [
    { record: recordedMetrics.sloRequests, expr: requests },
    {
      record: recordedMetrics.sloMisses,
      expr: `${failed} or 0 * ${requests}`,
      labels: { [sloLabel]: 'availability' },
    },
    {
      record: recordedMetrics.sloMisses,
      expr: `${all} - ${inTime}`,
      labels: { [sloLabel]: 'latency' },
    },
  ];
}

/** The burn rate of the error budget over a window. */
function burn(window: string, slo: 'availability' | 'latency', settings: Settings): string {
  const allowed = Number((1 - settings.alerts.slo[slo]).toFixed(5));
  const average = (metric: string) => `avg_over_time(${metric}[${window}])`;
  const misses = average(`${recordedMetrics.sloMisses}{${sloLabel}="${slo}"}`);
  return `${misses} / on (${byService}) group_left () ${average(recordedMetrics.sloRequests)} / ${allowed}`;
}

function windows(speed: Speed, settings: Settings): string[] {
  const hours = burnRateWindows[speed].flatMap(({ longHours, shortHours }) => [
    longHours,
    shortHours,
  ]);
  return [...new Set(hours.map((each) => formatDuration(scaledWindow(each, settings))))];
}

function burnRates(speed: Speed, settings: Settings): RecordingRule[] {
  // Windows of both speeds are recorded once.
  const others = speed === 'slow' ? windows('fast', settings) : [];
  const own = windows(speed, settings).filter((window) => !others.includes(window));
  return own.flatMap((window) =>
    (['availability', 'latency'] as const).map((slo) => ({
      record: recordedMetrics.sloBurn,
      expr: burn(window, slo, settings),
      labels: { [sloLabel]: slo, [windowLabel]: window },
    })),
  );
}

function budgetLeft(settings: Settings): RecordingRule {
  const window = formatDuration(sloWindow(settings));
  const spent = (['availability', 'latency'] as const).map((slo) => burn(window, slo, settings));
  return { record: recordedMetrics.sloBudgetLeft, expr: `1 - (${spent.join(' or ')})` };
}

function alert(speed: Speed, settings: Settings): AlertRule {
  const { alerts } = settings;
  const above = (window: string | undefined, factor: number) =>
    `${recordedMetrics.sloBurn}{${windowLabel}="${window}"} > ${factor}`;
  const conditions = burnRateWindows[speed].map(({ factor, longHours, shortHours }) => {
    const [long, short] = [longHours, shortHours].map((each) =>
      formatDuration(scaledWindow(each, settings)),
    );
    return `(${above(long, factor)} and ignoring (${windowLabel}) ${above(short, factor)})`;
  });
  const minTrafficReached = minTraffic(recordedMetrics.requests, settings);
  const fast = speed === 'fast';
  return {
    alert: fast ? 'ErrorBudgetBurnFast' : 'ErrorBudgetBurnSlow',
    expr: `max by (${byService}, ${sloLabel}) (${conditions.join(' or ')}) and on (${byService}) ${minTrafficReached}`,
    // In a new installation a few failures are a large part of the requests.
    for: fast ? alerts.stackPending : scaledWindow(1, settings),
    severity: fast ? 'critical' : 'warning',
    component: 'app',
    serviceLabel: 'service',
    summary: `${title} will miss its objective for {{ $labels.${sloLabel} }}`,
    description: `${title} spends the error budget of its {{ $labels.${sloLabel} }} {{ $value | humanize }} times as fast as its window of ${formatDuration(sloWindow(settings))} allows.`,
    dashboard: 'unified',
    panel: 'Error budget left',
  };
}
