import { prometheusRuleFiles } from '../../alerts/index.ts';
import { ruleTests } from '../../alerts/stack.promtool.ts';
import { stackAlerts } from '../../alerts/stack.ts';
import { renderYaml } from '../../lib/config-file.ts';
import { withBinary, writeFiles } from './binaries.ts';

test('every alert has a case in which it fires and, but for the watchdog, one in which it does not', () => {
  const cases = ruleTests.flatMap((each) => each.alert_rule_test);
  for (const { alert } of stackAlerts) {
    const own = cases.filter(({ alertname }) => alertname === alert);
    expect(own.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(true);
    const silent = own.some(({ exp_alerts }) => exp_alerts.length === 0);
    expect(silent).toBe(alert !== 'Watchdog');
  }
});

withBinary('promtool', (run) => {
  test('alerts fire when they say, and not before', () => {
    const { 'test.yaml': file } = writeFiles({
      ...prometheusRuleFiles,
      'test.yaml': renderYaml({
        rule_files: Object.keys(prometheusRuleFiles),
        evaluation_interval: '15s',
        tests: ruleTests,
      }),
    });
    expect(run('test', 'rules', String(file))).toContain('exit 0');
  });
});
