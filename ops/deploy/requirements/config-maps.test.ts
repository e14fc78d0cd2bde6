import { settingsOf } from '../../../test/synthesized.ts';
import { checkConfigMaps, requiredConfigMaps } from './config-maps.ts';

const target = { namespace: 'observability', context: 'kind-mantis' };
const required = requiredConfigMaps(
  settingsOf({
    collector: { mountedConfigMaps: ['ca'] },
    loki: { mountedConfigMaps: ['ca', 'other'] },
  }),
);

test('a mounted ConfigMap is required once', () => {
  expect(required).toEqual([
    { name: 'ca', settings: ['collector.mountedConfigMaps', 'loki.mountedConfigMaps'] },
    { name: 'other', settings: ['loki.mountedConfigMaps'] },
  ]);
  expect(
    checkConfigMaps(required, ['configmap/ca', 'configmap/other'], target, false),
  ).toMatchObject({
    status: 'ok',
  });
});

test('a missing one fails, with the command that creates it', () => {
  expect(checkConfigMaps(required, ['configmap/other'], target, false)).toMatchObject({
    status: 'failed',
    seen: 'there is no ca (collector.mountedConfigMaps, loki.mountedConfigMaps)',
    todo: expect.stringContaining('create configmap ca'),
  });
  expect(checkConfigMaps(required, [], target, true).todo).toContain(
    'create namespace observability',
  );
});
