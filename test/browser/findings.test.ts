import { findingsIn } from './findings.ts';
import type { PanelReport } from './panel-report.ts';

const healthy: PanelReport = { title: 'Requests', notices: [], names: ['shop', 'P95'], cutOff: [] };
const whatIn = (panel: Partial<PanelReport>, emptyTexts: Record<string, string> = {}) =>
  findingsIn([{ ...healthy, ...panel }], emptyTexts).map(({ what }) => what);

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

test('a panel that may be empty says so in its own words, but has no error', () => {
  const empty = { message: 'Nobody is here', error: 'timeout' };
  expect(whatIn(empty, { Requests: 'Nobody is here' })).toEqual(['error: timeout']);
  expect(whatIn(empty, { Requests: 'No request failed' })).toHaveLength(2);
  expect(whatIn(empty, { Errors: 'Nobody is here' })).toHaveLength(2);
});
