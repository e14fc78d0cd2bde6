import { parse } from 'yaml';
import { podTemplateOf, synthConstruct } from '../../test/construct.ts';
import { configFile, findManifest } from '../../test/synthesized.ts';
import { annotationKeys } from '../model/labels.ts';
import { sourceKey } from '../model/source.ts';
import { adminSecret, Grafana } from './grafana.ts';
import type { GrafanaOptions } from './options.ts';

const urls = {
  prometheusUrl: 'http://p',
  lokiUrl: 'http://l',
  tempoUrl: 'http://t',
  alertmanagerUrl: 'http://a',
};
const two = [
  { uid: 'one', title: 'One', [sourceKey]: 'one.ts' },
  { uid: 'two', title: 'Two', [sourceKey]: 'two.ts' },
];

function grafana(input: GrafanaOptions = {}, dashboards = two) {
  const manifests = synthConstruct((chart) => {
    new Grafana(chart, 'grafana', { ...input, ...urls, dashboards });
  });
  return { manifests, ...podTemplateOf(findManifest(manifests, 'StatefulSet', 'grafana')) };
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
])('%s is only read from a file of the Secret', (name, key) => {
  const { container, spec } = grafana();
  const variables = container.env.filter((each: Variable) => each.name.startsWith(name));
  expect(variables).toEqual([{ name: `${name}__FILE`, value: `/etc/grafana/secret/${key}` }]);
  const mount = container.volumeMounts.find(
    ({ mountPath }: { mountPath: string }) => mountPath === '/etc/grafana/secret',
  );
  const volume = spec.volumes.find((each: { name: string }) => each.name === mount.name);
  expect(volume.projected.sources).toEqual([{ secret: { name: adminSecret.name } }]);
});

test('every dashboard is a file in the directory of the dashboard provider', () => {
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
  expect(JSON.parse(configFile(manifests, 'grafana-dashboard-two', 'two.json'))).toEqual({
    uid: 'two',
    title: 'Two',
  });
});

test('data sources and dashboard provider are mounted in the provisioning directory', () => {
  const { container } = grafana();
  const { value } = container.env.find(({ name }: Variable) => name === 'GF_PATHS_PROVISIONING');
  const paths = container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
  expect(paths).toEqual(expect.arrayContaining([`${value}/datasources`, `${value}/dashboards`]));
});

test('a changed dashboard rolls the pod', () => {
  const hash = (title: string) =>
    grafana({}, [{ uid: 'one', title, [sourceKey]: 'one.ts' }]).metadata.annotations[
      annotationKeys.configHash
    ];
  expect(hash('One')).not.toBe(hash('Uno'));
});

test('extraConfig takes precedence over the generated configuration', () => {
  const { container } = grafana({
    extraConfig: { log: { level: 'debug' }, 'auth.basic': { enabled: false } },
    extraArgs: ['-profile'],
  });
  expect(container.env).toContainEqual({ name: 'GF_LOG_LEVEL', value: 'debug' });
  expect(container.env).toContainEqual({ name: 'GF_AUTH_BASIC_ENABLED', value: 'false' });
  expect(container.args).toEqual(['-profile']);
});

test('no environment variable is set twice', () => {
  const names = grafana().container.env.map(({ name }: Variable) => name);
  expect(new Set(names).size).toBe(names.length);
});

test.each(['admin_user', 'admin_password', 'secret_key'])('%s is refused in extraConfig', (key) => {
  expect(() => grafana({ extraConfig: { security: { [key]: 'x' } } })).toThrow('grafana-admin');
});

test('passwords come from grafana.secret and are refused in extraConfig', () => {
  const { container } = grafana({ secret: 'grafana-sso' });
  expect(container.envFrom).toEqual([{ secretRef: { name: 'grafana-sso' } }]);
  const extraConfig = { 'auth.generic_oauth': { client_secret: 'hunter2' } };
  expect(() => grafana({ extraConfig })).toThrow(
    'extraConfig.auth.generic_oauth.client_secret: got "(hidden)", wanted no credential in plain text',
  );
});
