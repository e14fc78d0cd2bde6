import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings, explainSettings } from '../../settings/load.ts';
import { configTable } from './config.ts';

const file = join(mkdtempSync(join(tmpdir(), 'mantis-')), 'mantis.yaml');
writeFileSync(
  file,
  'loki: { retention: 3d, extraArgs: [-a] }\ntempo: { storage: 20Gi }\nalerts: { queueUsage: 50% }\n',
);
const explained = explainSettings({ file, env: { MANTIS_TEMPO_STORAGE: '30Gi' } });
const find = (wanted: string) => explained.find(({ key }) => key === wanted);

test.each([
  ['loki.retention', '3d', file],
  ['loki.extraArgs', ['-a'], file],
  ['tempo.storage', '30Gi', 'MANTIS_TEMPO_STORAGE'],
  ['grafana.storage', '1Gi', 'default'],
  ['imagePrefix', undefined, 'default'],
])('%s comes with its value and its source', (key, value, source) => {
  expect(find(key)).toEqual({ key, value, source });
});

test('every setting is listed once', () => {
  const keys = explained.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  for (const section of Object.keys(defaultSettings())) {
    expect(keys.some((key) => key === section || key.startsWith(`${section}.`))).toBe(true);
  }
});

test('the table shows which settings have no value', () => {
  expect(configTable(explained)).toMatch(/imagePrefix +\(not set\) +default/);
});

test('an invalid setting is an error', () => {
  expect(() => explainSettings({ file, env: { MANTIS_LOKI_RETENTION: '5m' } })).toThrow(
    'MANTIS_LOKI_RETENTION',
  );
});
