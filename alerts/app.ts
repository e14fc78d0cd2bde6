import { Duration } from 'cdk8s';
import type { Settings } from '../lib/schema.ts';
import { written } from '../lib/settings/units.ts';
import { appMetrics, attributes, shopAttributes } from '../lib/telemetry/app.ts';
import { label, prometheusName } from '../lib/telemetry/metric.ts';
import { recorded, spanMetrics } from '../lib/telemetry/span-metrics.ts';
import { enoughRequests } from './min-traffic.ts';
import type { AlertRule, RecordingRule, RuleGroup } from './rule.ts';

const { calls, latencyBucket, service, spanKind, statusCode } = spanMetrics;
const served = `${spanKind}="${spanMetrics.server}"`;

/** What any service that sends spans is judged by: rate, errors and duration of what it serves. */
export function appRules(settings: Settings): RuleGroup[] {
  return [
    { name: 'services', rules: [...recordings(settings), ...serviceAlerts(settings)] },
    ...(settings.testApp.enabled ? [{ name: 'shop', rules: [paymentsFailing(settings)] }] : []),
  ];
}

function recordings({ alerts }: Settings): RecordingRule[] {
  const rate = (metric: string, selector: string, by: string) =>
    `sum by (${by}) (rate(${metric}{${selector}}[${written(alerts.window)}]))`;
  const requests = rate(calls, served, service);
  const failed = rate(calls, `${served}, ${statusCode}="${spanMetrics.error}"`, service);
  const quantile = (q: number) =>
    `histogram_quantile(${q}, ${rate(latencyBucket, served, `${service}, le`)})`;
  return [
    { record: recorded.requests, expr: requests },
    // A service without any failure has a share of 0, not none.
    { record: recorded.errors, expr: `(${failed} or 0 * ${requests}) / ${requests}` },
    { record: recorded.p50, expr: quantile(0.5) },
    { record: recorded.p95, expr: quantile(0.95) },
    { record: recorded.p99, expr: quantile(0.99) },
  ];
}

function serviceAlerts(settings: Settings): AlertRule[] {
  const { alerts } = settings;
  const enough = enoughRequests(recorded.requests, settings);
  // Requests are counted behind these two: without them traffic only seems to be gone.
  const uncounted = `min_over_time(up{job=~"otel-collector|tempo"}[${written(outlast(alerts))}]) == 0`;
  const before = `avg_over_time(${recorded.requests}[1h])`;
  const common = {
    for: alerts.for,
    component: 'app',
    serviceLabel: 'service',
  } as const;
  return [
    {
      ...common,
      alert: 'ServiceErrors',
      dashboard: 'unified',
      panel: 'Errors by service',
      expr: `${recorded.errors} > ${alerts.errorRatio} and on (${service}) ${enough}`,
      severity: 'critical',
      summary: '{{ $labels.service }} fails requests',
      description: `{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} have failed for ${written(alerts.for)}.`,
    },
    {
      ...common,
      alert: 'ServiceSlow',
      dashboard: 'traces',
      panel: 'P95 by service',
      expr: `${recorded.p95} > ${alerts.latency.toMilliseconds() / 1000} and on (${service}) ${enough}`,
      severity: 'warning',
      summary: '{{ $labels.service }} is slow',
      description: `One of 20 requests to {{ $labels.service }} has taken longer than {{ $value | humanizeDuration }} for ${written(alerts.for)}.`,
    },
    {
      ...common,
      alert: 'TrafficDropped',
      dashboard: 'unified',
      panel: 'Requests by service',
      // The series of a service that nobody calls any more ends after a while.
      expr: `(${recorded.requests} or 0 * ${before}) < ${alerts.trafficLeft} * ${before} and ${enoughRequests(before, settings)} unless on () ${uncounted}`,
      severity: 'warning',
      summary: '{{ $labels.service }} is hardly called any more',
      description: `{{ $labels.service }} gets {{ printf "%.2f" $value }} requests per second, less than ${percentage(alerts.trafficLeft)} of what it got on average of the last hour.`,
    },
  ];
}

/** Until what was missing is forgotten by rates, and by the alerts on them. */
function outlast({ window, for: duration }: Settings['alerts']): Duration {
  return Duration.seconds(window.toSeconds() + duration.toSeconds());
}

const outcome = label(shopAttributes.paymentOutcome);

/** The shop's own: a declined card is the customer's matter, a failed payment is ours. */
function paymentsFailing({ alerts }: Settings): AlertRule {
  const name = label(attributes.serviceName);
  const payments = (selector: string) =>
    `sum by (${name}) (rate(${prometheusName(appMetrics.payments)}{${selector}}[${written(alerts.window)}]))`;
  return {
    alert: 'PaymentsFailing',
    expr: `${payments(`${outcome}="failed"`)} / ${payments('')} > ${alerts.paymentFailures}`,
    for: alerts.for,
    severity: 'critical',
    component: 'app',
    serviceLabel: 'service_name',
    summary: 'Customers cannot pay',
    description: `{{ $value | humanizePercentage }} of the payments have failed for ${written(alerts.for)}, not counting declined cards.`,
    dashboard: 'application',
    panel: 'Payments by outcome',
  };
}

function percentage(share: number): string {
  return `${Number((share * 100).toFixed(3))}%`;
}
