import { parse } from 'yaml';
import { type AlertRule, ruleFile } from './rule.ts';

const alert: AlertRule = {
  alert: 'TooSlow',
  expr: 'latency > 1',
  for: '5m',
  severity: 'warning',
  summary: 'It is slow',
  description: 'It took {{ $value }} s.',
};

test('a rule file is one group, with severity as label and the runbook beside the texts', () => {
  expect(parse(ruleFile('speed', [alert]))).toEqual({
    groups: [
      {
        name: 'speed',
        rules: [
          {
            alert: 'TooSlow',
            expr: 'latency > 1',
            for: '5m',
            labels: { severity: 'warning' },
            annotations: {
              summary: 'It is slow',
              description: 'It took {{ $value }} s.',
              runbook_url: 'docs/runbooks/TooSlow.md',
            },
          },
        ],
      },
    ],
  });
});
