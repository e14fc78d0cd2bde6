import { Mantis, type OwnRuleGroup } from '@mantis-o11y/mantis';
import { dashboard, logql, logs, promql, timeseries } from '@mantis-o11y/mantis/dashboards';
import { mistakesIn } from '@mantis-o11y/mantis/testing';
import { App, Duration } from 'cdk8s';

/** The names of the metrics of your app, as Prometheus stores them. */
const metrics = { seconds: 'checkout_seconds_bucket' };

const slow = `histogram_quantile(0.9, sum by (le) (rate(${metrics.seconds}[5m])))`;

const checkoutRules: OwnRuleGroup = {
  name: 'checkout',
  rules: [
    { record: 'checkout:seconds:p90', expr: slow },
    {
      alert: 'CheckoutSlow',
      expr: 'checkout:seconds:p90 > 2',
      for: Duration.minutes(10),
      labels: { severity: 'warning' },
      annotations: {
        summary: 'The slowest tenth of checkouts takes {{ $value | humanizeDuration }}',
      },
    },
  ],
};

const checkoutErrors: OwnRuleGroup = {
  name: 'checkout-errors',
  rules: [
    {
      alert: 'CheckoutErrors',
      expr: 'sum(count_over_time({service_name="checkout"} | detected_level="error" [5m])) > 10',
      labels: { severity: 'warning' },
      annotations: { summary: '{{ $value }} errors in five minutes' },
    },
  ],
};

const checkout = dashboard({
  filename: import.meta.filename,
  uid: 'checkout',
  title: 'Checkout',
  description: 'How long checkouts take, and what they log.',
  rows: [
    {
      title: 'Checkout',
      panels: [
        timeseries({
          title: 'P90',
          description: 'Nine of ten checkouts are faster.',
          unit: 's',
          width: 12,
          queries: [promql(slow, 'P90')],
        }),
        logs({
          title: 'Log lines',
          description: 'The newest lines.',
          source: 'checkout',
          width: 12,
          queries: [logql('{service_name="checkout"}')],
        }),
      ],
    },
  ],
});

const app = new App();
const mantis = new Mantis(app, 'observability', {
  rules: [checkoutRules],
  lokiRules: [checkoutErrors],
  dashboards: [checkout],
});
app.synth();
console.log(`OTEL_EXPORTER_OTLP_ENDPOINT=${mantis.otlpEndpoint}`);

// In a test of yours, such as `expect(mistakesIn(app, …)).toEqual([])`.
const mistakes = mistakesIn(app, { metrics: Object.values(metrics) });
if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
