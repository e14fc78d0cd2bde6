import { logAlerts, metricAlerts } from '../../alerts/index.ts';
import { settingsOf } from '../synthesized.ts';
import {
  brokenSettingsScenario,
  faultRounds,
  notReproducible,
  podKillRounds,
} from './scenarios.ts';
import { alertTestSettings, brokenSettings } from './test-settings.ts';
import { recordObservation, type Timeline } from './timeline.ts';

test('every alert has a scenario or a reason why it is not reproducible', () => {
  const settings = settingsOf();
  const all = [...metricAlerts(settings), ...logAlerts(settings)].map(({ alert }) => alert);
  const made = [brokenSettingsScenario, ...faultRounds.flat()].flatMap(({ alerts }) =>
    alerts.map(({ alert }) => alert),
  );
  expect([...made, ...Object.keys(notReproducible)].sort()).toEqual(all.sort());
});

test('a pod is killed while an alert is pending, which lasts long enough to be observed', () => {
  const { alerts } = alertTestSettings(settingsOf());
  expect(podKillRounds.flat().every(({ whilePending }) => whilePending !== undefined)).toBe(true);
  // Observed every two seconds.
  expect(alerts.stackPending.toSeconds()).toBeGreaterThanOrEqual(10);
});

test('the test settings change only alerts and receivers', () => {
  const own = settingsOf({ namespace: 'mine', collector: { storage: '1Gi' } });
  const settings = alertTestSettings(own, brokenSettings);
  expect(settings.namespace).toBe('mine');
  expect(settings.collector.storage.asString()).toBe('1Gi');
  expect(settings.alerts.maxSeries).toBe(1000);
  expect(settings.alertmanager.receivers.map(({ name }) => name)).toEqual(['e2e', 'failing']);
});

const labels = { alertname: 'A', severity: 'critical', component: 'app' };
const annotations = {
  summary: 'It is so',
  description: 'It is so for a while',
  runbook_url: 'docs/runbooks/A.md',
  dashboard_url: 'http://localhost:3000/d/mantis-stack',
};
const notification = (status: 'firing' | 'resolved', at: number, extra = {}) => ({
  at,
  alert: { status, labels, annotations: { ...annotations, ...extra } },
});
const observation = (at: number, received: ReturnType<typeof notification>[]) => ({
  at,
  active: [{ labels, annotations, state: 'firing', activeAt: '' }],
  received,
  inhibited: [],
});

test('notifications before the fault, and resolved ones before its end, do not count', () => {
  const timeline: Timeline = { expected: { alert: 'A' }, injected: 10 };
  recordObservation(
    timeline,
    observation(11, [notification('firing', 5), notification('resolved', 7)]),
  );
  expect(timeline).toMatchObject({ firing: 11 });
  expect(timeline.notified).toBeUndefined();
  recordObservation(timeline, observation(13, [notification('firing', 12)]));
  timeline.cleared = 20;
  recordObservation(timeline, observation(21, [notification('resolved', 15)]));
  expect(timeline).toMatchObject({ firing: 11, notified: 12 });
  expect(timeline.resolved).toBeUndefined();
  recordObservation(timeline, observation(26, [notification('resolved', 25)]));
  expect(timeline.resolved).toBe(25);
});

test.each([
  [{}, undefined],
  [{ runbook_url: '' }, 'lacks runbook_url'],
  [{ description: '{{ $labels.service }} fails' }, '{{ $labels.service }} fails'],
])('a notification with %j: %s', (extra, problem) => {
  const timeline: Timeline = { expected: { alert: 'A' }, injected: 0 };
  recordObservation(timeline, observation(2, [notification('firing', 1, extra)]));
  expect(timeline.problem).toBe(problem);
});
