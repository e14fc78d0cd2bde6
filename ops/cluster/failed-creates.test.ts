import { labelKeys } from '../../lib/model/labels.ts';
import {
  type FailedCreateEvent,
  FailedCreateTracker,
  matchFailedCreates,
} from './failed-creates.ts';
import { type Pod, podSchema } from './pods.ts';
import type { LiveWorkload } from './workloads.ts';

const workload = (
  kind: LiveWorkload['kind'],
  name: string,
  status: Partial<LiveWorkload['status']> = {},
): LiveWorkload => ({
  kind,
  metadata: { name, generation: 2 },
  spec: { replicas: 1 },
  status: { observedGeneration: 2, replicas: 0, readyReplicas: 0, updatedReplicas: 0, ...status },
});

const event = (kind: string, name: string, message: string, lastTimestamp = '') => ({
  involvedObject: { kind, name },
  message,
  lastTimestamp,
});

const quota = 'create Pod loki-0 in StatefulSet loki failed error: exceeded quota: pods';
const found = (live: LiveWorkload, ...events: FailedCreateEvent[]) =>
  matchFailedCreates({ workloads: [live], pods: [] }, events);

test.each([
  ['StatefulSet', 'loki', 'StatefulSet', 'loki'],
  ['DaemonSet', 'node-collector', 'DaemonSet', 'node-collector'],
  ['Deployment', 'shop', 'ReplicaSet', 'shop-6d4cf56db6'],
] as const)('a %s %s without pods has the message of its %s', (kind, name, by, controller) => {
  expect(found(workload(kind, name), event(by, controller, quota))).toEqual([
    { workload: name, message: quota },
  ]);
});

test.each([
  ['of another workload', workload('StatefulSet', 'loki'), event('StatefulSet', 'tempo', quota)],
  [
    'of a workload whose name only begins the same',
    workload('Deployment', 'shop'),
    event('ReplicaSet', 'shop-cache-6d4cf56db6', quota),
  ],
  [
    'of an earlier attempt, after which the pod was created',
    workload('StatefulSet', 'loki', { replicas: 1, updatedReplicas: 1 }),
    event('StatefulSet', 'loki', quota),
  ],
  [
    'of the previous template',
    workload('StatefulSet', 'loki', { observedGeneration: 1 }),
    event('StatefulSet', 'loki', quota),
  ],
])('an event %s does not count', (_which, live, each) => {
  expect(found(live, each)).toEqual([]);
});

test('an event does not count while the previous pod of a StatefulSet terminates', () => {
  const pod = podSchema.parse({
    metadata: {
      name: 'loki-0',
      uid: '1',
      labels: { [labelKeys.name]: 'loki' },
      deletionTimestamp: '2026-11-27T18:00:00Z',
    },
    status: {},
  });
  const failures = (pods: Pod[]) =>
    matchFailedCreates({ workloads: [workload('StatefulSet', 'loki')], pods }, [
      event('StatefulSet', 'loki', quota),
    ]);
  expect(failures([pod])).toEqual([]);
  expect(failures([])).toHaveLength(1);
});

test('the newest event counts', () => {
  const events = ['10', '30', '20'].map((second) =>
    event('StatefulSet', 'loki', `at ${second}`, `2026-11-27T18:00:${second}Z`),
  );
  expect(found(workload('StatefulSet', 'loki'), ...events)[0]?.message).toBe('at 30');
});

test('a failure is named at once, and ends the wait after its grace period', () => {
  const failure = { workload: 'loki', message: quota };
  const tracker = new FailedCreateTracker();
  expect(tracker.update([failure], 0)).toEqual({ fresh: [failure], lasting: undefined });
  expect(tracker.update([failure], 39_000)).toEqual({ fresh: [], lasting: undefined });
  expect(tracker.update([failure], 40_000)).toEqual({ fresh: [], lasting: failure });
});

test('a pod that was created in between starts a new grace period', () => {
  const failure = { workload: 'loki', message: quota };
  const tracker = new FailedCreateTracker();
  tracker.update([failure], 0);
  tracker.update([], 20_000);
  expect(tracker.update([failure], 50_000)).toEqual({ fresh: [failure], lasting: undefined });
});
