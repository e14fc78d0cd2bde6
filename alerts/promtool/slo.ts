import { fires, type RuleTest, seriesOf, silent } from './case.ts';

const labels = 'service="shop", span_name="GET /", span_kind="SPAN_KIND_SERVER"';
const calls = (status: 'ERROR' | 'UNSET', of = '') =>
  `traces_spanmetrics_calls_total{${labels}${of}, status_code="STATUS_CODE_${status}"}`;
const bucket = (le: string) =>
  `traces_spanmetrics_latency_bucket{${labels}, status_code="STATUS_CODE_UNSET", le="${le}"}`;

/** 10 000 requests every 15 s; in each phase `missed` of them fail or are slow, for `minutes`. */
function misses(of: 'availability' | 'latency', ...phases: [missed: number, minutes: number][]) {
  const values = (step: (missed: number) => number) => {
    let from = 0;
    return phases
      .map(([missed, minutes]) => {
        const start = from;
        from += step(missed) * minutes * 4;
        return `${start}+${step(missed)}x${minutes * 4 - 1}`;
      })
      .join(' ');
  };
  const all = values(() => 10_000);
  const bad = values((missed) => missed);
  const good = values((missed) => 10_000 - missed);
  const failing = of === 'availability';
  return {
    interval: '15s',
    input_series: seriesOf({
      [calls('UNSET')]: failing ? good : all,
      [calls('ERROR')]: failing ? bad : values(() => 0),
      [bucket('2.048')]: failing ? all : good,
      [bucket('+Inf')]: all,
    }),
  };
}

const burns = (slo: string, times: string) => ({
  labels: { service: 'shop', slo },
  summary: `shop will miss its objective for ${slo}`,
  description: `shop spends the error budget of its ${slo} ${times} times as fast as its window of 15d allows.`,
});

/**
 * With a window of 15 days the burn rates are 14.4 over 30m, 6 over 3h, 3 over 12h and 1 over 36h;
 * 1 % may fail.
 */
export const sloTests: readonly RuleTest[] = [
  {
    ...misses('availability', [590, 240]),
    alert_rule_test: [
      silent('ErrorBudgetBurnFast', '3h'),
      fires('ErrorBudgetBurnSlow', '3h', burns('availability', '5.9')),
    ],
  },
  {
    ...misses('availability', [620, 200], [0, 40]),
    alert_rule_test: [
      fires('ErrorBudgetBurnFast', '3h', burns('availability', '6.2')),
      // The short window resolves the alert soon after the errors stop.
      silent('ErrorBudgetBurnFast', '3h50m'),
    ],
  },
  {
    // After hours without failures, half an hour has to exceed a burn rate of 14.4.
    ...misses('availability', [0, 240], [1600, 35]),
    alert_rule_test: [
      silent('ErrorBudgetBurnFast', '4h20m'),
      fires('ErrorBudgetBurnFast', '4h34m', burns('availability', '16')),
    ],
  },
  {
    ...misses('availability', [0, 240], [1400, 35]),
    alert_rule_test: [silent('ErrorBudgetBurnFast', '4h34m')],
  },
  {
    ...misses('availability', [80, 240]),
    alert_rule_test: [silent('ErrorBudgetBurnSlow', '3h')],
    promql_expr_test: [
      {
        expr: 'round(service:slo_budget_left:ratio, 0.001)',
        eval_time: '3h',
        exp_samples: [
          { labels: '{service="shop", slo="availability"}', value: 0.2 },
          { labels: '{service="shop", slo="latency"}', value: 1 },
        ],
      },
    ],
  },
  {
    ...misses('availability', [120, 240]),
    alert_rule_test: [fires('ErrorBudgetBurnSlow', '3h', burns('availability', '1.2'))],
  },
  {
    // Two environments: together they would burn at half the rate.
    interval: '15s',
    input_series: seriesOf({
      [calls('ERROR', ', deployment_environment_name="production"')]: '0+1600x480',
      [calls('UNSET', ', deployment_environment_name="production"')]: '0+8400x480',
      [calls('UNSET', ', deployment_environment_name="staging"')]: '0+100000x480',
    }),
    alert_rule_test: [
      fires('ErrorBudgetBurnFast', '1h', {
        labels: { service: 'shop', deployment_environment_name: 'production', slo: 'availability' },
        summary: 'shop in production will miss its objective for availability',
        description:
          'shop in production spends the error budget of its availability 16 times as fast as its window of 15d allows.',
      }),
    ],
    promql_expr_test: [
      {
        expr: 'round(service:slo_burn:ratio{window="30m", slo="availability"}, 0.001)',
        eval_time: '1h',
        exp_samples: [
          {
            labels:
              '{service="shop", deployment_environment_name="production", slo="availability", window="30m"}',
            value: 16,
          },
          {
            labels:
              '{service="shop", deployment_environment_name="staging", slo="availability", window="30m"}',
            value: 0,
          },
        ],
      },
    ],
  },
  {
    // 2 % may be slow.
    ...misses('latency', [190, 240]),
    alert_rule_test: [silent('ErrorBudgetBurnSlow', '3h')],
  },
  {
    ...misses('latency', [1300, 240]),
    alert_rule_test: [fires('ErrorBudgetBurnFast', '3h', burns('latency', '6.5'))],
  },
];
