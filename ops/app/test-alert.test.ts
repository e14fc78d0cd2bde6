import { settingsOf } from '../../test/synthesized.ts';
import { counts } from '../stores/alertmanager.ts';
import { integrations, severityOf } from './test-alert.ts';

test('a severity that nobody routes is refused', () => {
  expect(severityOf('warning')).toBe('warning');
  expect(() => severityOf('fatal')).toThrow(
    'SEVERITY must be one of critical, warning, info, none, got "fatal"',
  );
});

test('the ways of a receiver go by the names of their counters', () => {
  const receivers = [
    { name: 'a', webhook: { url: 'http://a' }, slack: { channel: '#a', urlKey: 'slack' } },
  ];
  const { alertmanager } = settingsOf({
    alertmanager: { secret: 's', egress: [{ port: 443 }], receivers },
  });
  expect(alertmanager.receivers.flatMap(integrations)).toEqual(['webhook', 'slack']);
});

test('failures for every reason count', () => {
  const page = [
    '# TYPE alertmanager_notifications_failed_total counter',
    'alertmanager_notifications_failed_total{integration="slack",reason="clientError"} 2',
    'alertmanager_notifications_failed_total{integration="slack",reason="other"} 1',
    'alertmanager_notifications_failed_total{integration="email",reason="other"} 0',
    'alertmanager_notifications_total{integration="slack"} 7',
  ].join('\n');
  const failed = counts(page, 'alertmanager_notifications_failed_total');
  expect(Object.fromEntries(failed)).toEqual({ slack: 3, email: 0 });
});
