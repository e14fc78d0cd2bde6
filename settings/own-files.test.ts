import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadSettings } from './load.ts';

/** Writes files to a new directory. @returns it */
function directoryOf(files: Readonly<Record<string, string | Buffer>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'mantis-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

const rules = (setting: string, files: Readonly<Record<string, string | Buffer>> = {}) => {
  const directory = directoryOf({ ...files, 'mantis.yaml': `prometheus: { rules: ${setting} }` });
  const file = join(directory, 'mantis.yaml');
  return { directory, load: () => loadSettings({ file }).prometheus.rules.files };
};

test('files and directories are read relative to the settings file, in the order of names', () => {
  const { load } = rules('[./single.yml, rules/]', {
    'single.yml': 'single',
    'rules/b.yaml': 'b',
    'rules/a_test.yaml': 'a test',
    'rules/team/deep/a.yaml': 'a',
    'rules/README.md': 'no rule',
    'rules/.hidden/x.yaml': 'hidden',
    'rules/.x.yaml': 'hidden',
  });
  expect(load()).toEqual([
    { path: 'single.yml', text: 'single' },
    { path: 'rules/a_test.yaml', text: 'a test' },
    { path: 'rules/b.yaml', text: 'b' },
    { path: 'rules/team/deep/a.yaml', text: 'a', subdirectory: 'team' },
  ]);
});

test('a file that is listed twice is read once, and a link is what it points to', () => {
  const { directory, load } = rules('[rules, rules/a.yaml]', { 'rules/a.yaml': 'a' });
  symlinkSync(join(directory, 'rules/a.yaml'), join(directory, 'rules/b.yaml'));
  expect(load().map(({ path, text }) => `${path} ${text}`)).toEqual([
    'rules/a.yaml a',
    'rules/b.yaml a',
  ]);
});

test.each([
  ['a missing file', '[x.yaml]', {}, 'x.yaml', 'a file or directory that exists'],
  [
    'a file of another kind',
    '[x.json]',
    { 'x.json': '{}' },
    'x.json',
    'a file with the extension .yaml or .yml, or a directory',
  ],
  [
    'a directory without rules',
    '[rules]',
    { 'rules/a.txt': '' },
    'rules',
    'a directory with files .yaml or .yml',
  ],
])('%s is refused by setting', (_, setting, files, path, wanted) => {
  const { directory, load } = rules(setting, files);
  expect(load).toThrow(
    `${directory}/mantis.yaml: prometheus.rules.0: got "${path}", wanted ${wanted}`,
  );
});

test('a file that is not UTF-8 is refused', () => {
  const { load } = rules('[x.yaml]', { 'x.yaml': Buffer.from([0x61, 0xff]) });
  expect(load).toThrow('x.yaml: The encoded data was not valid for encoding utf-8');
});

test.each(['/etc/rules', 'C:\\rules', ''])('the path %j is refused', (path) => {
  const { load } = rules(JSON.stringify([path]));
  expect(load).toThrow('wanted a file or directory, relative to the directory of mantis.yaml');
});

test('each list has its own kind of file', () => {
  const directory = directoryOf({
    'mantis.yaml': 'loki: { rules: [l] }\ngrafana: { dashboards: [d], datasources: [s] }',
    'l/a.yaml': 'a',
    'd/b.json': 'b',
    'd/c.yaml': 'not a dashboard',
    's/d.yml': 'd',
  });
  const { loki, grafana } = loadSettings({ file: join(directory, 'mantis.yaml') });
  const found = [loki.rules, grafana.dashboards, grafana.datasources].map(({ files }) =>
    files.map(({ path }) => path),
  );
  expect(found).toEqual([['l/a.yaml'], ['d/b.json'], ['s/d.yml']]);
});
