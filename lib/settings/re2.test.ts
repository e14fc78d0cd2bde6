import { isRe2 } from './re2.ts';

test.each(['^\\S', '(?i)^error', '^\\d{4}-\\d{2}', '\\(?=', '[[:digit:]]', '(a|b)+', '\\p{Greek}'])(
  '%s is for Go programs',
  (pattern) => {
    expect(isRe2(pattern)).toBe(true);
  },
);

test.each([
  ...['', '(', '(?!x)', '(?<=x)y', '(a)\\1', '(?<a>x)\\k<a>', '\\u0041', 'x{2000}', '[^]', '[]'],
  ...['\\p{Script=Greek}', '\\cA'],
])('%s is refused', (pattern) => {
  expect(isRe2(pattern)).toBe(false);
});
