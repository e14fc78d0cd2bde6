import { podTemplateOf, synthConstruct } from '../../test/construct.ts';
import { findManifest } from '../../test/synthesized.ts';
import { Alertmanager } from './alertmanager.ts';
import type { AlertmanagerOptions } from './options.ts';

function alertmanager(input: AlertmanagerOptions = {}) {
  const manifests = synthConstruct((chart) => {
    new Alertmanager(chart, 'alertmanager', input);
  });
  const config = findManifest(manifests, 'ConfigMap', 'alertmanager-config').data;
  return { config, ...podTemplateOf(findManifest(manifests, 'StatefulSet', 'alertmanager')) };
}

test('the configuration file is mounted', () => {
  const { container, config } = alertmanager();
  const [{ mountPath }] = container.volumeMounts.filter(
    ({ readOnly }: { readOnly?: boolean }) => readOnly,
  );
  expect(container.args).toContain(`--config.file=${mountPath}/${Object.keys(config)[0]}`);
});

test('silences are stored on the volume', () => {
  const { container } = alertmanager();
  const { mountPath } = container.volumeMounts.find(
    ({ name }: { name: string }) => name === 'data',
  );
  expect(container.args).toContain(`--storage.path=${mountPath}`);
});

test('clustering is off, and extraArgs can turn it on', () => {
  const { container } = alertmanager({ extraArgs: ['--cluster.peer=other:9094'] });
  expect(container.args).toContain('--cluster.listen-address=');
  expect(container.args.at(-1)).toBe('--cluster.peer=other:9094');
});

test('keys of the Secret are mounted at the paths in the configuration', () => {
  const receivers = [{ name: 'team', slack: { channel: '#alerts', urlKey: 'slack-url' } }];
  const { container, spec, config } = alertmanager({
    secret: 'alerting',
    receivers,
  });
  const volume = spec.volumes.find(({ projected }: { projected: { sources: object[] } }) =>
    projected.sources.some((source) => 'secret' in source),
  );
  expect(volume.projected.sources).toEqual([{ secret: { name: 'alerting' } }]);
  const mount = container.volumeMounts.find(({ name }: { name: string }) => name === volume.name);
  expect(config['alertmanager.yaml']).toContain(`api_url_file: ${mount.mountPath}/slack-url`);
});

test('without a Secret in the settings none is mounted', () => {
  const { spec } = alertmanager();
  expect(JSON.stringify(spec.volumes)).not.toContain('"secret"');
});
