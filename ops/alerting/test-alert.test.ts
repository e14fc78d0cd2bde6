import { settingsOf } from '../../test/synthesized.ts';
import { sumByIntegration } from '../stores/alertmanager.ts';
import { integrations, parseSeverity } from './test-alert.ts';

test('an unknown severity is an error', () => {
  expect(parseSeverity('warning')).toBe('warning');
  expect(() => parseSeverity('fatal')).toThrow(
    '--severity must be one of critical, warning, info, none, got "fatal"',
  );
});

test('integrations have the names of the metric label', () => {
  const receivers = [
    { name: 'a', webhook: { url: 'http://a' }, slack: { channel: '#a', urlKey: 'slack' } },
  ];
  const { alertmanager } = settingsOf({
    alertmanager: { secret: 's', egress: [{ port: 443 }], receivers },
  });
  expect(alertmanager.receivers.flatMap(integrations)).toEqual(['webhook', 'slack']);
});

test('failed notifications are summed over their reasons', () => {
  const page = [
    '# TYPE alertmanager_notifications_failed_total counter',
    'alertmanager_notifications_failed_total{integration="slack",reason="clientError"} 2',
    'alertmanager_notifications_failed_total{integration="slack",reason="other"} 1',
    'alertmanager_notifications_failed_total{integration="email",reason="other"} 0',
    'alertmanager_notifications_total{integration="slack"} 7',
  ].join('\n');
  const failed = sumByIntegration(page, 'alertmanager_notifications_failed_total');
  expect(Object.fromEntries(failed)).toEqual({ slack: 3, email: 0 });
});
