import { isOneOf, literal, wildcards } from './ottl.ts';

test.each([
  ['plain', '"plain"'],
  ['a "quoted" one', '"a \\"quoted\\" one"'],
  ['C:\\temp', '"C:\\\\temp"'],
  ['two\nlines\tand a tab', '"two\\nlines\\tand a tab"'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the collector would expand it
  ['5 $ of ${env:X}', '"5 $$ of $${env:X}"'],
])('%j is the literal %s', (text, expected) => {
  expect(literal(text)).toBe(expected);
});

test.each([
  [['/health'], '/health', true],
  [['/health'], '/healthz', false],
  [['/health'], '/a/health', false],
  [['/health', '/ready'], '/ready', true],
  [['/internal/*'], '/internal/a/b', true],
  [['/internal/*'], '/internal', false],
  [['*'], 'a\nb', true],
  [['a.b'], 'axb', false],
  [['(a|b)+?'], '(a|b)+?', true],
  [['[x]{2}^$\\'], '[x]{2}^$\\', true],
])('%j match %j: %s', (names, text, expected) => {
  // The same in JavaScript, but for how a dot is told to match a line's end.
  const pattern = new RegExp(wildcards(names).replace('(?s)', ''), 's');
  expect(pattern.test(text)).toBe(expected);
});

test('one name without a wildcard is compared, which is cheaper', () => {
  expect(isOneOf('span.name', ['a.b'])).toBe('span.name == "a.b"');
  expect(isOneOf('span.name', ['a*'])).toBe('IsMatch(span.name, "(?s)^(?:a.*)$$")');
});
