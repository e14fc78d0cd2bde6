import { parse } from 'yaml';
import { renderYaml, withExtraConfig } from './config-file.ts';

const ours = { server: { port: 80, log: { level: 'warn' } }, stages: ['first'], mode: 'single' };

test('maps are merged at any depth', () => {
  const merged = withExtraConfig(ours, { server: { log: { format: 'json' } }, more: { a: 1 } });
  expect(merged).toEqual({
    ...ours,
    server: { port: 80, log: { level: 'warn', format: 'json' } },
    more: { a: 1 },
  });
});

test('lists are appended to the generated ones', () => {
  expect(withExtraConfig(ours, { stages: ['second'] })).toEqual({
    ...ours,
    stages: ['first', 'second'],
  });
});

test.each([
  { name: 'a number', extra: { mode: 2 } },
  { name: 'false', extra: { mode: false } },
  { name: 'null', extra: { mode: null } },
  { name: 'a map in place of a string', extra: { mode: { kind: 'other' } } },
  { name: 'a string in place of a map', extra: { server: 'none' } },
])('$name replaces the generated value', ({ extra }) => {
  expect(withExtraConfig(ours, extra)).toEqual({ ...ours, ...extra });
});

test('merging changes neither of its arguments', () => {
  const before = structuredClone(ours);
  withExtraConfig(ours, { stages: ['second'], server: { port: 81 } });
  expect(ours).toEqual(before);
});

test('rendered YAML parses to the same configuration', () => {
  const config = { text: 'a: b # c', number: '012', long: 'word '.repeat(60), list: [], map: {} };
  expect(parse(renderYaml(config))).toEqual(config);
});

test('long strings stay on one line, and repeated values are written out', () => {
  const shared = { expr: 'sum by (job) (rate(x[5m])) '.repeat(10).trim() };
  const text = renderYaml({ one: shared, two: shared });
  expect(text.trim().split('\n')).toHaveLength(4);
  expect(text).not.toMatch(/[&*]a1/);
});
