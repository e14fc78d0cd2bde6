import { settingsOf } from '../../test/synthesized.ts';
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
