import { labelKeys } from '../../lib/model/labels.ts';
import { type Pod, podSchema } from './pods.ts';
import { describePending, ProblemTracker, podsToWaitFor } from './rollout.ts';
import { isReady, type LiveWorkload, liveWorkloadSchema } from './workloads.ts';

const workload = (status: Partial<LiveWorkload['status']> = {}): LiveWorkload => ({
  kind: 'StatefulSet',
  metadata: { name: 'loki', generation: 2 },
  spec: { replicas: 1 },
  status: { observedGeneration: 2, replicas: 1, readyReplicas: 1, updatedReplicas: 1, ...status },
});

const readyCondition = { type: 'Ready', status: 'True' };

function stuckPod(reason: string, uid = 'u', name = 'loki'): Pod {
  return podSchema.parse({
    metadata: { name: `${name}-0`, uid, labels: { [labelKeys.name]: name } },
    status: {
      containerStatuses: [
        { name: 'loki', ready: false, restartCount: 0, state: { waiting: { reason } } },
      ],
    },
  });
}

test('a workload is ready when every replica is updated and ready, and no older one is left', () => {
  expect(isReady(workload())).toBe(true);
});

test('a DaemonSet is ready when every eligible node has an updated and ready pod', () => {
  const onNodes = (numberReady: number, updatedNumberScheduled = 3) =>
    liveWorkloadSchema.parse({
      kind: 'DaemonSet',
      metadata: { name: 'node-collector', generation: 1 },
      status: {
        observedGeneration: 1,
        desiredNumberScheduled: 3,
        currentNumberScheduled: 3,
        numberReady,
        updatedNumberScheduled,
      },
    });
  expect(isReady(onNodes(3))).toBe(true);
  expect(isReady(onNodes(2))).toBe(false);
  expect(isReady(onNodes(3, 1))).toBe(false);
});

test.each([
  ['its controller has not observed the change', { observedGeneration: 1 }],
  ['a pod is not ready', { readyReplicas: 0 }],
  ['a pod runs the old template', { updatedReplicas: 0 }],
  ['an old pod is still there', { replicas: 2 }],
])('a workload is not ready while %s', (_why, status) => {
  expect(isReady(workload(status))).toBe(false);
});

test('a pending component comes with the states of its pods', () => {
  const workloads = [workload({ readyReplicas: 0 })];
  expect(describePending({ workloads, pods: [stuckPod('ContainerCreating')] })).toBe(
    'loki (ContainerCreating)',
  );
  expect(describePending({ workloads, pods: [] })).toBe('loki (no pod yet)');
  expect(describePending({ workloads: [workload()], pods: [] })).toBe('');
  const failure = { workload: 'loki', message: 'exceeded quota' };
  expect(describePending({ workloads, pods: [] }, [failure])).toBe(
    'loki (FailedCreate: exceeded quota)',
  );
});

test.each([
  ['one of three replicas is ready, and nodes have no room for more', { readyReplicas: 1 }, ''],
  ['no replica is ready', { readyReplicas: 0 }, 'shop'],
  ['an older replica is left', { readyReplicas: 3, updatedReplicas: 2 }, 'shop'],
  ['the change was not observed', { readyReplicas: 3, observedGeneration: 1 }, 'shop'],
])('a Deployment that an autoscaler scales: %s', (_what, status, pending) => {
  const shop: LiveWorkload = {
    kind: 'Deployment',
    metadata: { name: 'shop', generation: 2 },
    spec: { replicas: 3 },
    status: { observedGeneration: 2, replicas: 3, updatedReplicas: 3, ...status },
  };
  const pods = [stuckPod('Unschedulable', 'u', 'shop'), stuckPod('Unschedulable', 'v', 'load')];
  expect(describePending({ workloads: [shop], pods }).split(' ')[0]).toBe(pending);
  // A load test has no workload here: its pods are never waited for.
  expect(podsToWaitFor({ workloads: [shop], pods })).toEqual(
    pending === '' ? [] : pods.slice(0, 1),
  );
});

test('a namespace without workloads is not ready', () => {
  expect(describePending({ workloads: [], pods: [] })).not.toBe('');
});

test('a problem counts after its grace period, also while its reason alternates', () => {
  const watch = new ProblemTracker();
  expect(watch.stuck({ pods: [stuckPod('ErrImagePull')] }, 0)).toBeUndefined();
  expect(watch.stuck({ pods: [stuckPod('ImagePullBackOff')] }, 39_000)).toBeUndefined();
  expect(watch.stuck({ pods: [stuckPod('ErrImagePull')] }, 41_000)?.reason).toBe('ErrImagePull');
});

test('a container that runs for a moment between two crashes has not recovered', () => {
  const watch = new ProblemTracker();
  watch.stuck({ pods: [stuckPod('CrashLoopBackOff')] }, 0);
  expect(watch.stuck({ pods: [stuckPod('')] }, 10_000)).toBeUndefined();
  expect(watch.stuck({ pods: [stuckPod('CrashLoopBackOff')] }, 25_000)).toBeDefined();
});

test('a pod that was ready in between, or another pod, starts a new grace period', () => {
  const watch = new ProblemTracker();
  const crashing = stuckPod('CrashLoopBackOff');
  const ready = { ...crashing, status: { ...crashing.status, conditions: [readyCondition] } };
  watch.stuck({ pods: [crashing] }, 0);
  watch.stuck({ pods: [ready] }, 10_000);
  expect(watch.stuck({ pods: [crashing] }, 25_000)).toBeUndefined();
  expect(watch.stuck({ pods: [stuckPod('CrashLoopBackOff', 'v')] }, 50_000)).toBeUndefined();
});

test('a problem without a grace period counts at once', () => {
  expect(new ProblemTracker().stuck({ pods: [stuckPod('InvalidImageName')] }, 0)).toBeDefined();
});
