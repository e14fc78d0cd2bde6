import { settingsOf } from '../../test/synthesized.ts';
import { withExtraConfig } from '../model/config-file.ts';
import type { SettingsInput } from '../schema.ts';
import { alertmanagerConfig } from './config.ts';

interface Route {
  readonly receiver: string;
  readonly matchers: readonly string[];
  readonly continue: boolean;
}

interface Config {
  readonly route: {
    readonly receiver: string;
    readonly group_by: readonly string[];
    readonly routes?: readonly Route[];
  };
  readonly receivers: readonly { readonly name: string; readonly [kind: string]: unknown }[];
  readonly inhibit_rules: readonly object[];
}

type Receivers = NonNullable<SettingsInput['alertmanager']>['receivers'];

function config(receivers: Receivers = []): Config {
  const { alertmanager } = settingsOf({
    alertmanager: { receivers, secret: 'alerting', egress: [{ port: 443 }] },
  });
  return alertmanagerConfig({
    receivers: alertmanager.receivers,
    secretDir: '/secret',
    inhibitRules: [{ source_matchers: ['a="b"'] }],
  }) as unknown as Config;
}

test('without receivers the default route notifies nobody', () => {
  const { route, receivers } = config();
  expect(receivers).toEqual([{ name: route.receiver }]);
  expect(route.routes).toBeUndefined();
});

test('a receiver gets critical alerts and warnings by default, and routing continues', () => {
  const { route } = config([
    { name: 'team', webhook: { url: 'http://team:8080/alerts' } },
    { name: 'watcher', severities: ['none'], webhook: { urlKey: 'watcher-url' } },
  ]);
  const routes = route.routes?.map((each) => `${each.receiver} ${each.matchers} ${each.continue}`);
  expect(routes).toEqual([
    'team severity="critical" true',
    'team severity="warning" true',
    'watcher severity="none" true',
    'team severity!~"critical|warning|info|none" true',
  ]);
});

test('alerts of another severity, or of none, go to the receivers of critical alerts and warnings', () => {
  const { route } = config([
    { name: 'pager', severities: ['critical'], webhook: { urlKey: 'pager' } },
    { name: 'mail', severities: ['warning', 'info'], webhook: { urlKey: 'mail' } },
    { name: 'watcher', severities: ['none'], webhook: { urlKey: 'watcher' } },
  ]);
  const notified = (severity: string) =>
    (route.routes ?? [])
      .filter(({ matchers: [matcher = ''] }) => {
        const [, not, values = ''] = /^severity(!~|=)"(.+)"$/.exec(matcher) ?? [];
        return values.split('|').includes(severity) === (not === '=');
      })
      .map(({ receiver }) => receiver);
  expect(notified('page')).toEqual(['pager', 'mail']);
  expect(notified('')).toEqual(['pager', 'mail']);
  expect(notified('none')).toEqual(['watcher']);
  expect(notified('info')).toEqual(['mail']);
});

test('secrets are read from files, and every integration sends resolved alerts', () => {
  const { receivers } = config([
    {
      name: 'all',
      webhook: { urlKey: 'webhook' },
      slack: { channel: '#alerts', urlKey: 'slack' },
      email: {
        to: 'team@example.com',
        from: 'mantis@example.com',
        smarthost: 'mail.example.com:587',
        username: 'mantis',
        passwordKey: 'mail',
      },
      pagerduty: { routingKeyKey: 'pager' },
    },
  ]);
  const send_resolved = true;
  expect(receivers[1]).toMatchObject({
    webhook_configs: [{ send_resolved, url_file: '/secret/webhook' }],
    slack_configs: [{ send_resolved, api_url_file: '/secret/slack', channel: '#alerts' }],
    email_configs: [{ send_resolved, auth_password_file: '/secret/mail' }],
    pagerduty_configs: [{ send_resolved, routing_key_file: '/secret/pager' }],
  });
});

test('inhibition rules are in the configuration', () => {
  expect(config().inhibit_rules).toEqual([{ source_matchers: ['a="b"'] }]);
});

test('extraConfig adds a receiver and makes it the default', () => {
  const extra = { route: { receiver: 'team' }, receivers: [{ name: 'team' }] };
  const own = withExtraConfig({ ...config() }, extra) as unknown as Config;
  expect(own.route.receiver).toBe('team');
  expect(own.receivers.map(({ name }) => name)).toContain('team');
  expect(own.route.group_by).toContain('alertname');
});
