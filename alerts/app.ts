import { Duration } from 'cdk8s';
import { sourceFile } from '../lib/model/source.ts';
import type { Settings } from '../lib/schema.ts';
import { formatDuration } from '../lib/settings/units.ts';
import { appMetrics, shopAttributes } from '../lib/telemetry/app.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import { pushedWindow } from '../lib/telemetry/push-interval.ts';
import { recordedMetrics, spanMetrics } from '../lib/telemetry/span-metrics.ts';
import { minTraffic } from './promql.ts';
import type { AlertRule, RecordingRule, RuleGroup } from './rule.ts';
import { service, serviceTitle } from './service.ts';

export const appRulesSource = sourceFile(import.meta.filename);

const { calls, latencyBucket, spanKind, statusCode } = spanMetrics;
const byService = service('service');
const title = serviceTitle('service');
const serverSpans = `${spanKind}="${spanMetrics.server}"`;

/**
 * Recording rules and alerts for rate, errors and duration of services, and alerts of the test app.
 */
export function appRules(settings: Settings): RuleGroup[] {
  return [
    { name: 'services', rules: [...recordings(settings), ...serviceAlerts(settings)] },
    ...(settings.testApp.enabled ? [{ name: 'shop', rules: [paymentsFailing(settings)] }] : []),
  ];
}

function recordings({ alerts }: Settings): RecordingRule[] {
  const rate = (metric: string, selector: string, by: string) =>
    `sum by (${by}) (rate(${metric}{${selector}}[${formatDuration(alerts.window)}]))`;
  const requests = rate(calls, serverSpans, byService);
  const failed = rate(calls, `${serverSpans}, ${statusCode}="${spanMetrics.error}"`, byService);
  const quantile = (q: number) =>
    `histogram_quantile(${q}, ${rate(latencyBucket, serverSpans, `${byService}, le`)})`;
  return [
    { record: recordedMetrics.requests, expr: requests },
    // 0 instead of no series for a service without failures.
    { record: recordedMetrics.errors, expr: `(${failed} or 0 * ${requests}) / ${requests}` },
    { record: recordedMetrics.p50, expr: quantile(0.5) },
    { record: recordedMetrics.p95, expr: quantile(0.95) },
    { record: recordedMetrics.p99, expr: quantile(0.99) },
  ];
}

function serviceAlerts(settings: Settings): AlertRule[] {
  const { alerts } = settings;
  const minTrafficReached = minTraffic(recordedMetrics.requests, settings);
  // Span metrics come through these two; while one is down, the rate drops without less traffic.
  const notMeasured = `min_over_time(up{job=~"otel-collector|tempo"}[${formatDuration(rateAndPendingPeriod(alerts))}]) == 0`;
  const lastHour = `avg_over_time(${recordedMetrics.requests}[1h])`;
  const common = {
    for: alerts.pending,
    component: 'app',
    serviceLabel: 'service',
  } as const;
  return [
    {
      ...common,
      alert: 'ServiceErrors',
      dashboard: 'unified',
      panel: 'Errors by service',
      expr: `${recordedMetrics.errors} > ${alerts.errorRatio} and on (${byService}) ${minTrafficReached}`,
      severity: 'critical',
      summary: `Requests to ${title} fail`,
      description: `{{ $value | humanizePercentage }} of the requests to ${title} have failed for ${formatDuration(alerts.pending)}.`,
    },
    {
      ...common,
      alert: 'ServiceSlow',
      dashboard: 'traces',
      panel: 'P95 by service',
      expr: `${recordedMetrics.p95} > ${alerts.latency.toMilliseconds() / 1000} and on (${byService}) ${minTrafficReached}`,
      severity: 'warning',
      summary: `${title} is slow`,
      description: `The P95 latency of ${title} has been {{ $value | humanizeDuration }} for ${formatDuration(alerts.pending)}.`,
    },
    {
      ...common,
      alert: 'TrafficDropped',
      dashboard: 'unified',
      panel: 'Requests by service',
      // Without requests the series of a service ends after some time.
      expr: `(${recordedMetrics.requests} or 0 * ${lastHour}) < ${alerts.minTrafficRatio} * ${lastHour} and ${minTraffic(lastHour, settings)} unless on () ${notMeasured}`,
      severity: 'warning',
      summary: `Traffic of ${title} dropped`,
      description: `${title} gets {{ printf "%.2f" $value }} requests per second, less than ${percentage(alerts.minTrafficRatio)} of the average of the last hour.`,
    },
  ];
}

/**
 * The time after which missing samples no longer affect an alert: range of the rate plus pending
 * period.
 */
function rateAndPendingPeriod({ window, pending }: Settings['alerts']): Duration {
  return Duration.seconds(window.toSeconds() + pending.toSeconds());
}

const outcome = label(shopAttributes.paymentOutcome);

/** The alert of the test app. Declined cards do not count as failed payments. */
function paymentsFailing({ alerts }: Settings): AlertRule {
  const payments = (selector: string) =>
    `sum by (${service('service_name')}) (rate(${prometheusName(appMetrics.payments)}{${selector}}[${formatDuration(pushedWindow(alerts.window))}]))`;
  return {
    alert: 'PaymentsFailing',
    expr: `${payments(`${outcome}="failed"`)} / ${payments('')} > ${alerts.paymentFailureRatio}`,
    for: alerts.pending,
    severity: 'critical',
    component: 'app',
    serviceLabel: 'service_name',
    summary: 'Customers cannot pay',
    description: `{{ $value | humanizePercentage }} of the payments to ${serviceTitle('service_name')} have failed for ${formatDuration(alerts.pending)}, not counting declined cards.`,
    dashboard: 'shop',
    panel: 'Payments by outcome',
  };
}

function percentage(ratio: number): string {
  return `${Number((ratio * 100).toFixed(3))}%`;
}
