import { parsePage, sumOf } from './exposition.ts';

const page = parsePage(
  [
    '# HELP sent Items',
    'sent{exporter="a",url="x"} 3',
    'sent{exporter="b \\"quoted\\", with {braces}"} 4e2',
    'up 1',
    '',
  ].join('\n'),
);

test('a page is read with its labels and numbers', () => {
  expect(page).toEqual([
    { metric: 'sent', labels: { exporter: 'a', url: 'x' }, value: 3 },
    { metric: 'sent', labels: { exporter: 'b \\"quoted\\", with {braces}' }, value: 400 },
    { metric: 'up', labels: {}, value: 1 },
  ]);
});

test('sums are over the series that have the labels, and 0 where there is none', () => {
  expect(sumOf(page, 'sent')).toBe(403);
  expect(sumOf(page, 'sent', { exporter: 'a' })).toBe(3);
  expect(sumOf(page, 'lost')).toBe(0);
});
