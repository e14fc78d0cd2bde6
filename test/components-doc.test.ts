import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { configFiles, findManifest, synth } from './synthesized.ts';

/** Every key that docs/components.md explains must exist in that configuration. */

const manifests = synth();
const files = configFiles(manifests);
const text = readFileSync('docs/components.md', 'utf8');
const tables = [...text.matchAll(/<!-- explains: (.+) -->\n\n((?:\|.*\n)+)/g)];

const explainedKeys = tables.flatMap(([, subject = '', table = '']) =>
  [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, key = '']) => ({ subject, key })),
);

/** `*` in a path matches any entry. */
function has(value: unknown, path: readonly string[]): boolean {
  const [head, ...rest] = path;
  if (head === undefined) return value !== undefined;
  if (typeof value !== 'object' || value === null) return false;
  if (head === '*') return Object.values(value).some((each) => has(each, rest));
  return head in value && has((value as Record<string, unknown>)[head], rest);
}

function configurationOf(subject: string): unknown {
  const [, component] = /^environment of (.+)$/.exec(subject) ?? [];
  if (component === undefined) {
    const found = files.find(({ configMap, file }) => `${configMap}/${file}` === subject);
    if (found === undefined) throw new Error(`there is no ${subject}`);
    return parse(found.text);
  }
  const [container] = findManifest(manifests, 'StatefulSet', component).spec.template.spec
    .containers;
  const variables: { name: string }[] = container.env;
  return Object.fromEntries(variables.map((each) => [each.name, each]));
}

test.each(explainedKeys)('$subject has $key', ({ subject, key }) => {
  expect(has(configurationOf(subject), key.split('.'))).toBe(true);
});

test('has() finds existing keys only', () => {
  expect(has({ a: { b: [{ c: 1 }] } }, ['a', 'b', '*', 'c'])).toBe(true);
  expect(has({ a: { b: [{ c: 1 }] } }, ['a', '*', 'd'])).toBe(false);
  expect(has({ a: 1 }, ['a', 'b'])).toBe(false);
});

test('docs/components.md explains all six components and the data sources', () => {
  expect(tables).toHaveLength(7);
});
