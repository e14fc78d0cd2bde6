import { metricAlerts, prometheusRuleFiles } from '../../alerts/index.ts';
import { appTests } from '../../alerts/promtool/app.ts';
import { cardinalityTests } from '../../alerts/promtool/cardinality.ts';
import type { RuleTest } from '../../alerts/promtool/case.ts';
import { clusterTests } from '../../alerts/promtool/cluster.ts';
import { discardTests } from '../../alerts/promtool/discards.ts';
import { logTests } from '../../alerts/promtool/logs.ts';
import { pipelineTests } from '../../alerts/promtool/pipeline.ts';
import { sloTests } from '../../alerts/promtool/slo.ts';
import { stackTests } from '../../alerts/promtool/stack.ts';
import { renderYaml } from '../../lib/model/config-file.ts';
import { settingsOf, withEverything } from '../synthesized.ts';
import { withBinary, writeFiles } from './binaries.ts';

const settings = settingsOf(withEverything);
const alerts = metricAlerts(settings);
const cases = [
  appTests,
  sloTests,
  logTests,
  pipelineTests,
  stackTests,
  discardTests,
  cardinalityTests,
  clusterTests,
]
  .flat()
  .flatMap((each) => each.alert_rule_test ?? []);

test.each(alerts)('$alert has a case that fires and one that does not', ({ alert }) => {
  const own = cases.filter(({ alertname }) => alertname === alert);
  expect(own.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(true);
  // The watchdog always fires.
  expect(own.some(({ exp_alerts }) => exp_alerts.length === 0)).toBe(alert !== 'Watchdog');
});

withBinary('promtool', (run) => {
  const outcome = (tests: readonly RuleTest[], evaluation_interval: string) => {
    const { files } = prometheusRuleFiles(settings);
    const { 'test.yaml': file } = writeFiles({
      ...files,
      'test.yaml': renderYaml({ rule_files: Object.keys(files), evaluation_interval, tests }),
    });
    return run('test', 'rules', String(file));
  };

  test.each([
    { of: 'services', tests: appTests, every: '15s' },
    { of: 'objectives', tests: sloTests, every: '1m' },
    { of: 'log lines', tests: logTests, every: '30s' },
    { of: 'the pipeline', tests: pipelineTests, every: '15s' },
    { of: 'the stack', tests: stackTests, every: '15s' },
    { of: 'discarded telemetry', tests: discardTests, every: '15s' },
    { of: 'series', tests: cardinalityTests, every: '15s' },
    { of: 'the cluster', tests: clusterTests, every: '15s' },
  ])(
    'alerts of $of fire after their pending period, not before',
    ({ tests, every }) => {
      expect(outcome(tests, every)).toContain('exit 0');
    },
    120_000,
  );

  test('a wrong case fails', () => {
    const wrong = {
      interval: '15s',
      input_series: [],
      alert_rule_test: [{ eval_time: '1m', alertname: 'Watchdog', exp_alerts: [] }],
    };
    expect(outcome([wrong], '15s')).toContain('exit 1');
  });
});
