import { Mantis } from '@mantis-o11y/mantis';
import { App } from 'cdk8s';

const panel = {
  title: 'P90',
  type: 'timeseries',
  datasource: { type: 'prometheus', uid: 'prometheus' },
  targets: [{ refId: 'A', expr: 'sum(rate(checkout_total[$__rate_interval])' }],
};

// Synthesis fails, and says what and where.
try {
  new Mantis(new App(), 'observability', {
    rules: [{ name: 'checkout', rules: [{ alert: 'CheckoutSlow', expr: 'rate(x[5m) > 1' }] }],
    lokiRules: [{ name: 'errors', rules: [{ alert: 'Errors', expr: '{app="a"} |= "b"' }] }],
    dashboards: [{ uid: 'checkout', title: 'Checkout', panels: [panel] }],
  });
} catch (error) {
  console.log((error as Error).message);
  process.exitCode = 3;
}
