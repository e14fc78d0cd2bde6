import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { annotationKeys } from '../lib/model/labels.ts';
import { loadSettings } from '../settings/load.ts';
import {
  configFile,
  findManifest,
  type Manifest,
  readFiles,
  synth,
  workloads,
} from '../test/synthesized.ts';
import { synthesize } from './synth.ts';

const listed = {
  prometheus: { rules: ['rules'] },
  loki: { rules: ['loki-rules'] },
  grafana: {
    dashboards: ['dashboards'],
    datasources: ['datasources'],
    secret: 'datasources',
    egress: [{ port: 5432 }],
  },
};

/** The example of the documents, with other files in the place of some. */
function settingsFile(files: Readonly<Record<string, string>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'mantis-'));
  cpSync('docs/examples', directory, { recursive: true });
  writeFileSync(join(directory, 'mantis.yaml'), JSON.stringify(listed));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return join(directory, 'mantis.yaml');
}

function synthOwn(files?: Readonly<Record<string, string>>): Manifest[] {
  const outdir = mkdtempSync(join(tmpdir(), 'mantis-'));
  synthesize(loadSettings({ file: settingsFile(files) }), outdir);
  return Object.values(readFiles(outdir)).flatMap((text) =>
    parseAllDocuments(text).map((document) => document.toJS() as Manifest),
  );
}

const manifests = synthOwn();
const source = ({ metadata }: Manifest) => metadata.annotations?.[annotationKeys.source];
const grafana = findManifest(manifests, 'StatefulSet', 'grafana');

/** Where a ConfigMap is mounted. */
function mountPath(workload: Manifest, configMap: string): string | undefined {
  const { volumes, containers } = workload.spec.template.spec;
  const volume = volumes.find((each: object) => JSON.stringify(each).includes(`"${configMap}"`));
  return containers[0].volumeMounts.find(({ name }: { name: string }) => name === volume?.name)
    ?.mountPath;
}

test.each([
  ['prometheus', 'prometheus-rules-rules-checkout', 'rules/checkout.yaml', 'prometheus-rules'],
  ['loki', 'loki-rules-loki-rules-checkout', 'loki-rules/checkout.yaml', 'loki-rules'],
])('rules of %s are a ConfigMap beside its own', (name, configMap, path, beside) => {
  const object = findManifest(manifests, 'ConfigMap', configMap);
  expect(source(object)).toBe(path);
  expect(Object.keys(object.data)).toEqual([expect.stringMatching(/^own-.*checkout\.yaml$/)]);
  const workload = findManifest(manifests, 'StatefulSet', name);
  expect(mountPath(workload, configMap)).toBe(mountPath(workload, beside));
});

test('the directory of rules is the one that Prometheus reads', () => {
  const prometheus = findManifest(manifests, 'StatefulSet', 'prometheus');
  const { rule_files } = parse(configFile(manifests, 'prometheus-config', 'prometheus.yaml'));
  const directory = mountPath(prometheus, 'prometheus-rules-rules-checkout');
  expect(rule_files).toEqual([`${directory}/*.yaml`]);
});

test('tests of rules are in no ConfigMap', () => {
  const names = manifests.flatMap(({ kind, data }) =>
    kind === 'ConfigMap' ? Object.keys(data) : [],
  );
  expect(names.filter((name) => name.includes('checkout'))).toHaveLength(3);
});

test('a dashboard is in the directory of a provider for its folder', () => {
  const configMap = 'grafana-dashboard-own-dashboards-checkout-checkout';
  expect(source(findManifest(manifests, 'ConfigMap', configMap))).toBe(
    'dashboards/Checkout/checkout.json',
  );
  const { providers } = parse(configFile(manifests, 'grafana-dashboard-provider', 'mantis.yaml'));
  const own = { folder: 'Checkout', disableDeletion: false };
  expect(providers).toMatchObject([{ folder: 'Mantis', disableDeletion: true }, own]);
  const path = mountPath(grafana, configMap);
  expect(providers[1].options.path).toBe(path);
  // Grafana reads the directories below the one of a provider too.
  expect(path?.startsWith(`${providers[0].options.path}/`)).toBe(false);
});

test('data sources are in the file that Grafana prunes by, after those of Mantis', () => {
  const { prune, datasources } = parse(configFile(manifests, 'grafana-datasources', 'mantis.yaml'));
  expect(prune).toBe(true);
  expect(datasources.map(({ uid }: { uid: string }) => uid)).toEqual([
    ...['prometheus', 'loki', 'tempo', 'alertmanager'],
    'warehouse',
  ]);
  expect(source(findManifest(manifests, 'ConfigMap', 'grafana-datasources'))).toBe(
    'lib/grafana/datasources.ts,datasources/warehouse.yaml',
  );
});

test.each([
  ['prometheus', 'rules/checkout.yaml', 'groups: [{ name: other, rules: [] }]'],
  ['loki', 'loki-rules/checkout.yaml', 'groups: [{ name: other, rules: [] }]'],
  ['grafana', 'dashboards/Checkout/checkout.json', '{ "uid": "checkout", "title": "Other" }'],
  ['grafana', 'datasources/warehouse.yaml', 'datasources: []'],
])('%s restarts, and nothing else, when %s changes', (name, path, text) => {
  const hashes = (objects: Manifest[]) =>
    new Map(
      workloads(objects).map(({ metadata, spec }) => [
        metadata.name,
        spec.template.metadata.annotations?.[annotationKeys.configHash],
      ]),
    );
  const [before, after] = [hashes(manifests), hashes(synthOwn({ [path]: text }))];
  const changed = [...before.keys()].filter((each) => before.get(each) !== after.get(each));
  expect(changed).toEqual([name]);
});

test('the output does not depend on the directory of the settings file', () => {
  expect(synthOwn()).toEqual(manifests);
});

test('what is not listed changes nothing', () => {
  const without = (objects: Manifest[]) =>
    objects.filter(({ metadata }) => !/^(prometheus|loki|grafana)/.test(metadata.name));
  expect(without(manifests)).toEqual(without(synth({ grafana: { egress: [{ port: 5432 }] } })));
});

test('the mistakes of all files are reported at once, and nothing is written', () => {
  const outdir = join(mkdtempSync(join(tmpdir(), 'mantis-')), 'out');
  const settings = loadSettings({
    file: settingsFile({
      'rules/checkout.yaml': 'groups:\n  - name: pipeline\n',
      'loki-rules/checkout.yaml': 'groups: [{ name: logs, rules: [] }]',
      'dashboards/Checkout/checkout.json': '{ "uid": "mantis-logs", "title": "Logs" }',
      'datasources/warehouse.yaml': 'datasources: [{}',
    }),
  });
  let message = '';
  try {
    synthesize(settings, outdir);
  } catch (error) {
    ({ message } = error as Error);
  }
  expect(message.split('\n').map((line) => line.split(': ')[0])).toEqual([
    'rules/checkout.yaml:2:5',
    'loki-rules/checkout.yaml:1:18',
    'dashboards/Checkout/checkout.json:1:10',
    'datasources/warehouse.yaml:1:17',
  ]);
  expect(existsSync(outdir)).toBe(false);
});

test('the messages in the documents are those that their mistakes bring', () => {
  const changed = (path: string, from: string, to: string) => {
    const text = readFileSync(`docs/examples/${path}`, 'utf8');
    expect(text).toContain(from);
    return { [path]: text.replace(from, to) };
  };
  let message = '';
  try {
    synthOwn({
      ...changed('rules/checkout.yaml', 'rate5m == 0', 'rate5m = 0'),
      ...changed('dashboards/Checkout/checkout.json', '"checkout"', '"mantis-logs"'),
    });
  } catch (error) {
    ({ message } = error as Error);
  }
  expect(readFileSync('docs/configuration.md', 'utf8')).toContain(`\n${message}\n`);
});
