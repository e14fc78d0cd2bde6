import { fires, type RuleTest, ruleTest, seriesOf, silent } from './case.ts';

const calls = (status: 'ERROR' | 'UNSET', of = '') =>
  `traces_spanmetrics_calls_total{service="shop"${of}, span_name="GET /", span_kind="SPAN_KIND_SERVER", status_code="STATUS_CODE_${status}"}`;
const bucket = (le: string) =>
  `traces_spanmetrics_latency_bucket{service="shop", span_name="GET /", span_kind="SPAN_KIND_SERVER", status_code="STATUS_CODE_UNSET", le="${le}"}`;
const payments = (outcome: string, of = '') =>
  `shop_payments_total{service_name="payments"${of}, shop_payment_outcome="${outcome}"}`;

/** A counter with a fixed increase every 15 s, for 20 minutes. */
const rising = (step: number) => `0+${step}x80`;

const errors = (failed: number) => ({
  [calls('UNSET')]: rising(1000 - failed),
  [calls('ERROR')]: rising(failed),
});

/** 10 000 requests, of which `within` take at most 2.048 s. */
const latency = (within: number) => ({
  [calls('UNSET')]: rising(10_000),
  [bucket('1.024')]: rising(0),
  [bucket('2.048')]: rising(within),
  [bucket('4.096')]: rising(10_000),
  [bucket('+Inf')]: rising(10_000),
});

const paid = (failed: number) => ({
  [payments('authorized')]: rising(90 - failed),
  [payments('declined')]: rising(10),
  [payments('failed')]: rising(failed),
});

const dropped = (perSecond: string) => ({
  labels: { service: 'shop' },
  summary: 'Traffic of shop dropped',
  description: `shop gets ${perSecond} requests per second, less than 10% of the average of the last hour.`,
});

export const appTests: readonly RuleTest[] = [
  ruleTest(errors(49), [silent('ServiceErrors', '20m')]),
  ruleTest(errors(51), [
    silent('ServiceErrors', '5m'),
    fires('ServiceErrors', '6m', {
      labels: { service: 'shop' },
      summary: 'Requests to shop fail',
      description: '5.1% of the requests to shop have failed for 5m.',
    }),
  ]),
  // Half a request per minute is below the minimum traffic, even if all fail.
  ruleTest({ [calls('ERROR')]: '0+0.125x80' }, [silent('ServiceErrors', '20m')]),
  // Failed client spans do not count.
  ruleTest({ [calls('ERROR').replace('SERVER', 'CLIENT')]: rising(9) }, [
    silent('ServiceErrors', '20m'),
  ]),

  // The 95th percentile is 2 s when 9967.2 of 10 000 are within 2.048 s.
  ruleTest(latency(9968), [silent('ServiceSlow', '20m')]),
  ruleTest(latency(9400), [
    silent('ServiceSlow', '5m'),
    fires('ServiceSlow', '6m', {
      labels: { service: 'shop' },
      summary: 'shop is slow',
      description: 'The P95 latency of shop has been 2.389s for 5m.',
    }),
  ]),
  ruleTest(latency(9966), [
    fires('ServiceSlow', '6m', {
      labels: { service: 'shop' },
      summary: 'shop is slow',
      description: 'The P95 latency of shop has been 2s for 5m.',
    }),
  ]),

  // An hour of 10 requests per second, then an eighth of it, a sixteenth, none, or no series at
  // all.
  ruleTest({ [calls('UNSET')]: '0+150x240 36000+18x80' }, [silent('TrafficDropped', '75m')]),
  ruleTest({ [calls('UNSET')]: '0+150x240 36000+9x80' }, [
    silent('TrafficDropped', '64m'),
    fires('TrafficDropped', '75m', dropped('0.60')),
  ]),
  ruleTest({ [calls('UNSET')]: '0+150x240 36000x80' }, [
    fires('TrafficDropped', '75m', dropped('0.00')),
    silent('TrafficDropped', '2h5m'),
  ]),
  ruleTest({ [calls('UNSET')]: '0+150x240 _x80' }, [
    fires('TrafficDropped', '75m', dropped('0.00')),
  ]),
  // While Tempo is down there are no span metrics; when it is back, the rate takes a while to
  // recover.
  ruleTest(
    {
      [calls('UNSET')]: '0+150x240 _x80',
      'up{job="tempo", instance="t"}': '1x240 0x38 1x42',
      'up{job="otel-collector", instance="c"}': '1x320',
    },
    [silent('TrafficDropped', '69m'), silent('TrafficDropped', '75m')],
  ),
  // Traffic below the minimum cannot drop.
  ruleTest({ [calls('UNSET')]: '0+0.125x240 30x80' }, [silent('TrafficDropped', '75m')]),

  ruleTest(paid(10), [silent('PaymentsFailing', '20m')]),
  ruleTest(paid(11), [
    silent('PaymentsFailing', '5m'),
    fires('PaymentsFailing', '6m', {
      labels: { service_name: 'payments' },
      summary: 'Customers cannot pay',
      description:
        '11% of the payments to payments have failed for 5m, not counting declined cards.',
    }),
  ]),

  // Services of one name in two environments, service namespaces and Kubernetes namespaces: only one
  // of each pair fails. Together they would stay below the threshold.
  ...[
    ['deployment_environment_name', 'production', 'staging', 'shop in production'],
    ['service_namespace', 'store', 'other', 'store/shop'],
    ['k8s_namespace_name', 'shops', 'tests', 'shop (namespace shops)'],
  ].map(([name = '', one = '', other = '', title = '']) =>
    ruleTest(
      {
        [calls('ERROR', `, ${name}="${one}"`)]: rising(10),
        [calls('UNSET', `, ${name}="${one}"`)]: rising(90),
        [calls('UNSET', `, ${name}="${other}"`)]: rising(10_000),
      },
      [
        fires('ServiceErrors', '6m', {
          labels: { service: 'shop', [name]: one },
          summary: `Requests to ${title} fail`,
          description: `10% of the requests to ${title} have failed for 5m.`,
        }),
      ],
    ),
  ),
  // One environment loses its traffic, the other does not.
  ruleTest(
    {
      [calls('UNSET', ', deployment_environment_name="production"')]: '0+150x240 36000x80',
      [calls('UNSET', ', deployment_environment_name="staging"')]: '0+150x320',
    },
    [
      fires('TrafficDropped', '75m', {
        labels: { service: 'shop', deployment_environment_name: 'production' },
        summary: 'Traffic of shop in production dropped',
        description:
          'shop in production gets 0.00 requests per second, less than 10% of the average of the last hour.',
      }),
    ],
  ),
  // An SDK that sends once a minute.
  {
    interval: '60s',
    input_series: seriesOf({
      [payments('failed')]: '0+4x20',
      [payments('authorized')]: '0+4x20',
      [payments('authorized', ', deployment_environment_name="staging"')]: '0+4x20',
    }),
    alert_rule_test: [
      fires('PaymentsFailing', '8m', {
        labels: { service_name: 'payments' },
        summary: 'Customers cannot pay',
        description:
          '50% of the payments to payments have failed for 5m, not counting declined cards.',
      }),
    ],
  },
];
