import { z } from 'zod';
import { checkFile, checkNames } from './check-file.ts';
import { slug } from './own-files.ts';

const anything = z.unknown();
const mistakes = (path: string, text: string, schema: z.ZodType = anything) =>
  checkFile({ path, text }, schema).mistakes;

test('the value of a file is what its text says', () => {
  const schema = z.strictObject({ a: z.array(z.int()) });
  expect(checkFile({ path: 'x.yaml', text: 'a: [1]' }, schema)).toMatchObject({
    value: { a: [1] },
    mistakes: [],
  });
});

test.each([
  ['x.yaml', 'a: [1\nb: 2', 'x.yaml:2:1: '],
  ['x.yaml', 'a: 1\na: 2', 'x.yaml:2:1: Map keys must be unique'],
  ['x.yaml', 'a: 1\n---\nb: 1\n', 'x.yaml:2:1: Source contains multiple documents'],
  ['x.yaml', 'a: *b', 'x.yaml:1:'],
  ['x.json', '{\n  "a": 1,\n}', 'x.json:3:1: Expected double-quoted property name'],
  ['x.json', '{\n  "a": [100, 200, 300,]\n}', "x.json:2:23: Unexpected token ']'"],
  ['x.json', '{"a": [1, 2}', 'x.json:1:12: '],
  ['x.json', '# a comment that JSON lacks\n{"a": 1}', "x.json:1:1: Unexpected token '#'"],
  ['x.json', '', 'x.json:1:1: Unexpected end of JSON input'],
])('%s with the text %j is refused at its place', (path, text, expected) => {
  const found = mistakes(path, text);
  expect(found).toHaveLength(1);
  expect(found[0]?.slice(0, expected.length)).toBe(expected);
});

test('JSON may be indented by tabs', () => {
  const text = '{\n\t"a": [\n\t\t1\n\t]\n}\n';
  expect(checkFile({ path: 'x.json', text }, anything)).toMatchObject({ value: { a: [1] } });
  const strings = z.object({ a: z.array(z.string('a string')) });
  expect(mistakes('x.json', text, strings)).toEqual(['x.json:3:3: a.0: got 1, wanted a string']);
});

const schema = z.strictObject({ a: z.strictObject({ b: z.string('a string').optional() }) });

test.each([
  ['a: { b: c }', []],
  ['a:\n  b: 1\n', ['x.yaml:2:6: a.b: got 1, wanted a string']],
  ['a:\n  b: x\n  c: 1\n', ['x.yaml:3:3: a.c: no such key']],
  ['\nb: 1', ['x.yaml:2:1: a: got nothing, wanted object', 'x.yaml:2:1: b: no such key']],
])('the structure of %j is checked', (text, expected) => {
  expect(mistakes('x.yaml', text, schema)).toEqual(expected);
});

test.each([
  ['a: up =', 'x.yaml:1:7'],
  ["a: 'up ='", 'x.yaml:1:8'],
  ['a: |\n  up\n  up =\n', 'x.yaml:3:3'],
  ['a: |-\n\n    up =\n', 'x.yaml:3:8'],
  // Lines are folded, so the place is the beginning of the string.
  ['a: >\n  up\n  up =\n', 'x.yaml:1:4'],
])('a place within the string of %j is found', (text, expected) => {
  const { value, mistake } = checkFile({ path: 'x.yaml', text }, z.object({ a: z.string() }));
  const offset = value?.a.startsWith('up\nup') ? 3 : (value?.a.indexOf('=') ?? 0);
  expect(mistake(['a'], 'wrong', offset)).toBe(`${expected}: wrong`);
});

test('a value that an anchor or a merge brings is placed where it is used', () => {
  const text = 'x: &x { b: 1 }\na: { <<: *x }\n';
  const found = mistakes('x.yaml', text, z.object({ a: z.object({ b: z.string('a string') }) }));
  expect(found).toEqual(['x.yaml:2:4: a.b: got 1, wanted a string']);
});

test('a file too large for an object is refused by its size', () => {
  const text = `{"a":"${'"'.repeat(140 * 1024)}"}`.replaceAll('""', '\\"');
  expect(mistakes('x.json', text)).toEqual([
    expect.stringMatching(/^x\.json: \d+ KiB as part of an object, wanted at most 255 KiB/),
  ]);
});

test('two files whose objects would have one name are refused', () => {
  const files = ['rules/a.yaml', 'rules/A.yml', '規則.yaml', '../b.yaml'];
  expect(
    checkNames(
      files.map((path) => ({ path, text: '' })),
      slug,
    ),
  ).toEqual([
    'rules/A.yml: its object would have the name of that of rules/a.yaml; rename one',
    '規則.yaml: wanted a name with a letter or digit of ASCII',
  ]);
});
