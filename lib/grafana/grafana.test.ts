import { parse } from 'yaml';
import { podOf, synthConstruct } from '../../test/construct.ts';
import { configFile, find, settingsOf } from '../../test/synthesized.ts';
import { annotationKeys } from '../model/labels.ts';
import type { SettingsInput } from '../schema.ts';
import { adminSecret, Grafana } from './grafana.ts';

const urls = {
  prometheus: 'http://p',
  loki: 'http://l',
  tempo: 'http://t',
  alertmanager: 'http://a',
};
const two = [
  { uid: 'one', title: 'One' },
  { uid: 'two', title: 'Two' },
];

function grafana(input: SettingsInput['grafana'] = {}, dashboards = two) {
  const platform = settingsOf({ grafana: input });
  const manifests = synthConstruct((chart) => {
    new Grafana(chart, 'grafana', { platform, settings: platform.grafana, urls, dashboards });
  });
  return { manifests, ...podOf(find(manifests, 'StatefulSet', 'grafana')) };
}

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: object;
}

test.each([
  ['GF_SECURITY_ADMIN_USER', adminSecret.user],
  ['GF_SECURITY_ADMIN_PASSWORD', adminSecret.password],
  ['GF_SECURITY_SECRET_KEY', adminSecret.secretKey],
])('%s is read from a file of the Secret and comes from nowhere else', (name, key) => {
  const { container, spec } = grafana();
  const variables = container.env.filter((each: Variable) => each.name.startsWith(name));
  expect(variables).toEqual([{ name: `${name}__FILE`, value: `/etc/grafana/secret/${key}` }]);
  const mount = container.volumeMounts.find(
    ({ mountPath }: { mountPath: string }) => mountPath === '/etc/grafana/secret',
  );
  const volume = spec.volumes.find((each: { name: string }) => each.name === mount.name);
  expect(volume.projected.sources).toEqual([{ secret: { name: adminSecret.name } }]);
});

test('every dashboard is a file in the directory that the provider reads', () => {
  const { manifests, container, spec } = grafana();
  const provider = parse(configFile(manifests, 'grafana-dashboard-provider', 'mantis.yaml'));
  const { path } = provider.providers[0].options;
  const mount = container.volumeMounts.find(
    ({ mountPath }: { mountPath: string }) => mountPath === path,
  );
  const volume = spec.volumes.find(({ name }: { name: string }) => name === mount.name);
  expect(volume.projected.sources).toEqual([
    { configMap: { name: 'grafana-dashboard-one' } },
    { configMap: { name: 'grafana-dashboard-two' } },
  ]);
  expect(JSON.parse(configFile(manifests, 'grafana-dashboard-two', 'two.json'))).toEqual(two[1]);
});

test('datasources and provider are where Grafana looks for them', () => {
  const { container } = grafana();
  const { value } = container.env.find(({ name }: Variable) => name === 'GF_PATHS_PROVISIONING');
  const paths = container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
  expect(paths).toEqual(expect.arrayContaining([`${value}/datasources`, `${value}/dashboards`]));
});

test('a changed dashboard rolls the pod', () => {
  const hash = (title: string) =>
    grafana({}, [{ uid: 'one', title }]).metadata.annotations[annotationKeys.configHash];
  expect(hash('One')).not.toBe(hash('Uno'));
});

test('keys of the user of grafana.ini win over ours', () => {
  const { container } = grafana({
    extraConfig: { log: { level: 'debug' }, 'auth.basic': { enabled: false } },
    extraArgs: ['-profile'],
  });
  expect(container.env).toContainEqual({ name: 'GF_LOG_LEVEL', value: 'debug' });
  expect(container.env).toContainEqual({ name: 'GF_AUTH_BASIC_ENABLED', value: 'false' });
  expect(container.args).toEqual(['-profile']);
});

test('no variable is given twice', () => {
  const names = grafana().container.env.map(({ name }: Variable) => name);
  expect(new Set(names).size).toBe(names.length);
});

test.each(['admin_user', 'admin_password', 'secret_key'])('%s cannot come from settings', (key) => {
  expect(() => grafana({ extraConfig: { security: { [key]: 'x' } } })).toThrow('grafana-admin');
});

test('what nobody should read comes from a Secret of the user, and from nowhere else', () => {
  const { container } = grafana({ secret: 'grafana-sso' });
  expect(container.envFrom).toEqual([{ secretRef: { name: 'grafana-sso' } }]);
  const extraConfig = { 'auth.generic_oauth': { client_secret: 'hunter2' } };
  expect(() => grafana({ extraConfig })).toThrow(
    'grafana.extraConfig: GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET belongs into a Secret',
  );
});
