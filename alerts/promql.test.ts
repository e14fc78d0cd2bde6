import { settingsOf } from '../test/synthesized.ts';
import { metricAlerts } from './index.ts';

const traffic = (settings: Parameters<typeof settingsOf>[0]) =>
  metricAlerts(settingsOf(settings)).find(({ alert }) => alert === 'TrafficDropped')?.expr;

test.each([
  [{}, '* 60 >= 1 '],
  [{ collector: { sampling: { mode: 'head', keep: '10%' } } }, '* 60 >= 10 '],
  [
    {
      collector: { sampling: { mode: 'tail', keep: '30%' } },
      alerts: { minRequestsPerMinute: 2 },
    },
    '* 60 >= 6.67 ',
  ],
] as const)('with %j the minimum traffic is %s', (settings, expected) => {
  expect(traffic(settings)).toContain(expected);
});
