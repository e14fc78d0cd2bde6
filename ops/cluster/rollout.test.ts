import { labelKeys } from '../../lib/model/labels.ts';
import { type Pod, podSchema } from './pods.ts';
import { awaited, ProblemWatch, waitingFor } from './rollout.ts';
import { isReady, type Workload, workloadSchema } from './workloads.ts';

const workload = (status: Partial<Workload['status']> = {}): Workload => ({
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

test('a workload is ready when all that was applied last runs and nothing older is left', () => {
  expect(isReady(workload())).toBe(true);
});

test('a DaemonSet is ready when every node that should has a pod of what was applied last', () => {
  const onNodes = (numberReady: number, updatedNumberScheduled = 3) =>
    workloadSchema.parse({
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
  ['its change has not been seen', { observedGeneration: 1 }],
  ['a pod is not ready', { readyReplicas: 0 }],
  ['a pod runs the old template', { updatedReplicas: 0 }],
  ['an old pod is still there', { replicas: 2 }],
])('a workload is not ready while %s', (_why, status) => {
  expect(isReady(workload(status))).toBe(false);
});

test('what is waited for comes with what its pods are doing', () => {
  const workloads = [workload({ readyReplicas: 0 })];
  expect(waitingFor({ workloads, pods: [stuckPod('ContainerCreating')] })).toBe(
    'loki (ContainerCreating)',
  );
  expect(waitingFor({ workloads, pods: [] })).toBe('loki (no pod yet)');
  expect(waitingFor({ workloads: [workload()], pods: [] })).toBe('');
});

test.each([
  ['one of three serves, and nodes have no room for more', { readyReplicas: 1 }, ''],
  ['none serves yet', { readyReplicas: 0 }, 'shop'],
  ['an older one is left', { readyReplicas: 3, updatedReplicas: 2 }, 'shop'],
  ['its change has not been seen', { readyReplicas: 3, observedGeneration: 1 }, 'shop'],
])('of what an autoscaler has scaled, %s', (_what, seen, waited) => {
  const shop: Workload = {
    kind: 'Deployment',
    metadata: { name: 'shop', generation: 2 },
    spec: { replicas: 3 },
    status: { observedGeneration: 2, replicas: 3, updatedReplicas: 3, ...seen },
  };
  const pods = [stuckPod('Unschedulable', 'u', 'shop'), stuckPod('Unschedulable', 'v', 'load')];
  expect(waitingFor({ workloads: [shop], pods }).split(' ')[0]).toBe(waited);
  // Of a load test there is no workload: whether it finds a node is its own business.
  expect(awaited({ workloads: [shop], pods })).toEqual(waited === '' ? [] : pods.slice(0, 1));
});

test('nothing deployed is not the same as everything ready', () => {
  expect(waitingFor({ workloads: [], pods: [] })).not.toBe('');
});

test('a problem counts once it has lasted, whichever of its two faces it shows', () => {
  const watch = new ProblemWatch();
  expect(watch.stuck({ pods: [stuckPod('ErrImagePull')] }, 0)).toBeUndefined();
  expect(watch.stuck({ pods: [stuckPod('ImagePullBackOff')] }, 39_000)).toBeUndefined();
  expect(watch.stuck({ pods: [stuckPod('ErrImagePull')] }, 41_000)?.reason).toBe('ErrImagePull');
});

test('a container that runs for a moment between two crashes has not recovered', () => {
  const watch = new ProblemWatch();
  watch.stuck({ pods: [stuckPod('CrashLoopBackOff')] }, 0);
  expect(watch.stuck({ pods: [stuckPod('')] }, 10_000)).toBeUndefined();
  expect(watch.stuck({ pods: [stuckPod('CrashLoopBackOff')] }, 25_000)).toBeDefined();
});

test('a pod that has become ready, or another pod, starts again', () => {
  const watch = new ProblemWatch();
  const crashing = stuckPod('CrashLoopBackOff');
  const ready = { ...crashing, status: { ...crashing.status, conditions: [readyCondition] } };
  watch.stuck({ pods: [crashing] }, 0);
  watch.stuck({ pods: [ready] }, 10_000);
  expect(watch.stuck({ pods: [crashing] }, 25_000)).toBeUndefined();
  expect(watch.stuck({ pods: [stuckPod('CrashLoopBackOff', 'v')] }, 50_000)).toBeUndefined();
});

test('what can never work is refused at once', () => {
  expect(new ProblemWatch().stuck({ pods: [stuckPod('InvalidImageName')] }, 0)).toBeDefined();
});
