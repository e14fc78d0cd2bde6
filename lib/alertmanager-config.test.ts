import { alertmanagerConfig } from './alertmanager-config.ts';
import { withExtraConfig } from './config-file.ts';

interface Config {
  readonly route: { readonly receiver: string; readonly group_by: readonly string[] };
  readonly receivers: readonly { readonly name: string }[];
}

test('alerts go to a receiver that exists', () => {
  const { route, receivers } = alertmanagerConfig() as unknown as Config;
  expect(receivers.map(({ name }) => name)).toContain(route.receiver);
});

test('a user adds a receiver and sends everything to it', () => {
  const extra = { route: { receiver: 'team' }, receivers: [{ name: 'team' }] };
  const config = withExtraConfig(alertmanagerConfig(), extra) as unknown as Config;
  expect(config.route.receiver).toBe('team');
  expect(config.receivers.map(({ name }) => name)).toContain('team');
  expect(config.route.group_by).toContain('alertname');
});
