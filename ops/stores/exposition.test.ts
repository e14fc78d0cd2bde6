import { parsePage, sumSamples } from './exposition.ts';

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

test('sums are over the series with the labels, and 0 if there is none', () => {
  expect(sumSamples(page, 'sent')).toBe(403);
  expect(sumSamples(page, 'sent', { exporter: 'a' })).toBe(3);
  expect(sumSamples(page, 'lost')).toBe(0);
});
