import { labelKeys } from '../../lib/model/labels.ts';
import { podSchema } from '../cluster/pods.ts';
import type { LiveWorkload } from '../cluster/workloads.ts';
import { componentTable, notReadyMessage } from './status.ts';

const target = { context: 'kind-mantis', namespace: 'observability' };

const workload = (name: string, readyReplicas: number): LiveWorkload => ({
  kind: 'StatefulSet',
  metadata: { name, generation: 1 },
  spec: { replicas: 1 },
  status: { observedGeneration: 1, replicas: 1, readyReplicas, updatedReplicas: 1 },
});

const crashing = podSchema.parse({
  metadata: { name: 'loki-0', uid: 'u', labels: { [labelKeys.name]: 'loki' } },
  status: {
    containerStatuses: [
      {
        name: 'loki',
        ready: false,
        restartCount: 4,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
      },
    ],
  },
});

test('each component has a line with its ready replicas, restarts and state', () => {
  const lines = componentTable({
    workloads: [workload('loki', 0), workload('tempo', 1)],
    pods: [crashing],
  }).split('\n');
  expect(lines[1]).toMatch(/loki +0\/1 +4 +CrashLoopBackOff/);
  expect(lines[2]).toMatch(/tempo +1\/1 +0$/);
});

test('nothing is reported if every component is ready', () => {
  expect(notReadyMessage({ workloads: [workload('tempo', 1)], pods: [] }, target)).toBeUndefined();
});

test('a component that is not ready comes with its problem, and a command that shows more', () => {
  const workloads = [workload('loki', 0), workload('tempo', 0)];
  const lines = notReadyMessage({ workloads, pods: [crashing] }, target)?.split('\n') ?? [];
  expect(lines[0]).toBe('loki is not ready: CrashLoopBackOff: back-off');
  expect(lines[1]).toMatch(/next: .* --namespace observability logs statefulset\/loki --tail=50$/);
  expect(lines[2]).toBe('tempo is not ready (it has no pod)');
});
