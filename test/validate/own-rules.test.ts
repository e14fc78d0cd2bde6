import { dirname, join } from 'node:path';
import { isRuleTest } from '../../lib/own-files/own-files.ts';
import { loadSettings } from '../../settings/load.ts';
import { settingsExamples } from '../settings-examples.ts';
import { withBinary, writeFiles } from './binaries.ts';

/** The user's own rule files for Prometheus, and those of the examples. */
const files = [{ name: 'mantis.yaml', path: 'mantis.yaml' }, ...settingsExamples()].flatMap(
  ({ name, path: settingsFile }) =>
    loadSettings({ file: settingsFile }).prometheus.rules.files.map((file) => ({
      name: `${file.path} of ${name}`,
      path: join(dirname(settingsFile), file.path),
      isTest: isRuleTest(file),
    })),
);

test('an example has rules and a test of them', () => {
  expect(new Set(files.map(({ isTest }) => isTest))).toEqual(new Set([true, false]));
});

withBinary('promtool', (run) => {
  test.each(files.filter(({ isTest }) => !isTest))('Prometheus accepts $name', ({ path }) => {
    expect(run('check', 'rules', path)).toContain('exit 0');
  });

  test.each(files.filter(({ isTest }) => isTest))('the rules pass $name', ({ path }) => {
    expect(run('test', 'rules', path)).toContain('exit 0');
  });

  test('what only promtool knows is refused', () => {
    const rules = 'groups: [{ name: a, rules: [{ alert: A, expr: rate(up) }] }]';
    const { 'x.yaml': path } = writeFiles({ 'x.yaml': rules });
    expect(run('check', 'rules', String(path))).toContain('exit 1');
  });
});
