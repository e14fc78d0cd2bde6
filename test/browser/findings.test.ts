import { findingsIn } from './findings.ts';
import type { PanelReport } from './panel-report.ts';

const healthy: PanelReport = { title: 'Requests', notices: [], names: ['shop', 'P95'], cutOff: [] };
const whatIn = (panel: Partial<PanelReport>, mayBeEmpty: readonly string[] = []) =>
  findingsIn([{ ...healthy, ...panel }], mayBeEmpty).map(({ what }) => what);

test('a healthy panel has no findings', () => {
  expect(whatIn({})).toEqual([]);
});

test.each<[string, Partial<PanelReport>]>([
  ['error: parse error', { error: 'parse error' }],
  ['notice: not a counter', { notices: ['not a counter'] }],
  ['instead of data: No data', { message: 'No data' }],
  ['no name: ""', { names: ['shop', ''] }],
  ['no name: "Value"', { names: ['Value'] }],
  ['no name: "Value #B"', { names: ['Value #B'] }],
  ['raw labels: {job="loki"}', { names: ['{job="loki"}'] }],
  ['raw labels: up{job="loki", pod="a"}', { names: ['up{job="loki", pod="a"}'] }],
  ['cut off: Requests of all', { cutOff: ['Requests of all'] }],
])('%s', (what, panel) => {
  expect(whatIn(panel)).toEqual([what]);
});

test('a panel that may be empty may have no data, but no error', () => {
  const empty = { message: 'No data', error: 'timeout' };
  expect(whatIn(empty, ['Requests'])).toEqual(['error: timeout']);
  expect(whatIn(empty, ['Errors'])).toHaveLength(2);
});
