import { Duration } from 'cdk8s';
import { parse } from 'yaml';
import { settingsOf } from '../test/synthesized.ts';
import { type AlertRule, ruleFile } from './rule.ts';

const alert: AlertRule = {
  alert: 'TooSlow',
  expr: 'latency > 1',
  for: Duration.minutes(5),
  severity: 'warning',
  component: 'app',
  serviceLabel: 'service_name',
  summary: 'It is slow',
  description: 'It took {{ $value }} s.',
  dashboard: 'unified',
  panel: 'Errors by service',
};

test('an alerting rule has labels for routing and annotations with links', () => {
  const settings = settingsOf({
    grafana: { url: 'https://grafana.example.com' },
    alerts: { runbooks: 'https://example.com/runbooks' },
  });
  const groups = [{ name: 'speed', interval: Duration.seconds(90), rules: [alert] }];
  expect(parse(ruleFile(groups, settings))).toEqual({
    groups: [
      {
        name: 'speed',
        interval: '90s',
        rules: [
          {
            alert: 'TooSlow',
            expr: 'latency > 1',
            for: '5m',
            labels: {
              severity: 'warning',
              component: 'app',
              service: '{{ $labels.service_name }}',
            },
            annotations: {
              summary: 'It is slow',
              description: 'It took {{ $value }} s.',
              runbook_url: 'https://example.com/runbooks/TooSlow.md',
              dashboard_url: expect.stringMatching(
                /^https:\/\/grafana\.example\.com\/d\/mantis-unified\?var-service=\{\{ \$labels\.service_name \}\}\{\{ with \$labels\.deployment_environment_name \}\}&var-environment=\{\{ \. \}\}\{\{ end \}\}.*&viewPanel=panel-\d+$/,
              ),
            },
          },
        ],
      },
    ],
  });
});
