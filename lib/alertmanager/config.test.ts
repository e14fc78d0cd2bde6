import { settingsOf } from '../../test/synthesized.ts';
import { withExtraConfig } from '../model/config-file.ts';
import type { SettingsInput } from '../schema.ts';
import { alertmanagerConfig } from './config.ts';
import { alertmanagerSettings } from './settings.ts';

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
  const timeIntervals = [{ name: 'nights', intervals: [{ times: [night] }] }];
  const { alertmanager } = settingsOf({
    alertmanager: { receivers, timeIntervals, secret: 'alerting', egress: [{ port: 443 }] },
  });
  return alertmanagerConfig({
    ...alertmanager,
    templates: [],
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

const night = { start_time: '00:00', end_time: '06:00' };
const webhook = { urlKey: 'webhook' };

test('a receiver can be limited to some alerts and times', () => {
  const { route } = config([
    { name: 'team', webhook },
    { name: 'checkout', matchers: ['team="checkout"'], muteTimes: ['nights'], webhook },
  ]);
  const own = (route.routes ?? []).filter(({ receiver }) => receiver === 'checkout');
  expect(own).toHaveLength(3);
  for (const each of own) {
    expect(each).toMatchObject({ mute_time_intervals: ['nights'], continue: true });
    expect(each.matchers).toContain('team="checkout"');
  }
});

const wanted = (receivers: unknown, more: object = {}) =>
  alertmanagerSettings
    .safeParse({ receivers, secret: 'alerting', ...more })
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

test('alerts that no receiver would get are refused', () => {
  const limited = { name: 'checkout', matchers: ['team="checkout"'], webhook };
  expect(wanted([limited])).toEqual([
    expect.stringMatching(/^receivers: a receiver of severity critical without matchers/),
    expect.stringMatching(/^receivers: a receiver of severity warning without matchers/),
  ]);
  expect(wanted([limited, { name: 'team', webhook }])).toEqual([]);
});

test('unknown times, and what is no matcher, are refused', () => {
  const team = { name: 'team', webhook };
  expect(wanted([team, { ...team, name: 'b', muteTimes: ['nights'] }])).toEqual([
    'receivers.1.muteTimes: a name of alertmanager.timeIntervals: there is none',
  ]);
  expect(wanted([team, { ...team, name: 'b', matchers: ['team'] }])).toEqual([
    expect.stringMatching(/^receivers.1.matchers.0: a matcher such as/),
  ]);
  expect(wanted([team, { ...team, name: 'b', matchers: ['team=~"("'] }])).toEqual([
    expect.stringMatching(/^receivers.1.matchers.0: a matcher whose regular expression/),
  ]);
});

test.each([
  { times: [{ start_time: '8:00', end_time: '17:00' }] },
  { weekdays: ['weekend'] },
  { months: ['13'] },
  { months: ['jan'] },
  { times: [{ start_time: '22:00', end_time: '06:00' }] },
  { weekdays: ['friday:monday'] },
  { weekdays: ['friday:sunday'] },
  { days_of_month: ['5:1'] },
  { years: ['2027:2026'] },
  { location: 'europe/berlin' },
  { location: '+02:00' },
  { days_of_month: ['0'] },
  { location: 'Mars/Olympus' },
  { hours: ['8'] },
])('the times %j are refused', (interval) => {
  expect(wanted([], { timeIntervals: [{ name: 'a', intervals: [interval] }] })).not.toEqual([]);
});

test('an e-mail goes to several recipients, also through a relay without TLS', () => {
  const email = {
    to: ['a@example.com', 'b@example.com'],
    from: 'mantis@example.com',
    smarthost: 'relay:25',
    requireTls: false,
    subject: '{{ template "team.title" . }}',
  };
  expect(config([{ name: 'mail', email }]).receivers[1]?.email_configs).toEqual([
    {
      ...{ send_resolved: true, to: 'a@example.com, b@example.com', from: 'mantis@example.com' },
      ...{ smarthost: 'relay:25', require_tls: false },
      headers: { Subject: '{{ template "team.title" . }}' },
    },
  ]);
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
