import { type GrafanaConfig, grafanaConfig, grafanaEnvironment } from './config.ts';

const props = {
  httpPort: 3000,
  dataDir: '/data',
  url: 'https://grafana.example.com',
  provisioning: '/provisioning',
  homeDashboard: '/dashboards/home.json',
};
const value = (name: string, ...configs: GrafanaConfig[]) =>
  grafanaEnvironment(...configs).find((each) => each.name === name)?.value;

test.each([
  ['server', 'http_port', 'GF_SERVER_HTTP_PORT'],
  ['auth.anonymous', 'enabled', 'GF_AUTH_ANONYMOUS_ENABLED'],
  [
    'plugin.grafana-image-renderer',
    'rendering_ca',
    'GF_PLUGIN_GRAFANA_IMAGE_RENDERER_RENDERING_CA',
  ],
  ['DEFAULT', 'instance_name', 'GF_DEFAULT_INSTANCE_NAME'],
  ['a-b', 'c-d', 'GF_A_B_C-D'],
])('section %s, key %s is the variable %s', (section, key, name) => {
  expect(value(name, { [section]: { [key]: 'x' } })).toBe('x');
});

test('values are strings', () => {
  expect(value('GF_A_B', { a: { b: false } })).toBe('false');
  expect(value('GF_A_B', { a: { b: 3 } })).toBe('3');
});

test('later configurations take precedence, key by key', () => {
  const variables = grafanaEnvironment(
    { log: { level: 'warn', mode: 'console' } },
    { log: { level: 'debug' } },
  );
  expect(variables).toEqual([
    { name: 'GF_LOG_LEVEL', value: 'debug' },
    { name: 'GF_LOG_MODE', value: 'console' },
  ]);
});

test.each([
  ['requires a login', 'GF_AUTH_ANONYMOUS_ENABLED', 'false'],
  ['disables sign-up', 'GF_USERS_ALLOW_SIGN_UP', 'false'],
  ['downloads no plugins', 'GF_PLUGINS_PREINSTALL_DISABLED', 'true'],
  ['checks for no updates', 'GF_ANALYTICS_CHECK_FOR_UPDATES', 'false'],
  ['checks for no plugin updates', 'GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES', 'false'],
  ['sends no usage statistics', 'GF_ANALYTICS_REPORTING_ENABLED', 'false'],
  ['keeps its data in the data directory', 'GF_PATHS_DATA', '/data'],
  ['evaluates the rules that people make in it', 'GF_UNIFIED_ALERTING_EXECUTE_ALERTS', 'true'],
  [
    'opens with the home dashboard',
    'GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH',
    '/dashboards/home.json',
  ],
  ['listens on the port of the props', 'GF_SERVER_HTTP_PORT', '3000'],
])('Grafana %s', (_, name, expected) => {
  expect(value(name, grafanaConfig(props))).toBe(expected);
});
