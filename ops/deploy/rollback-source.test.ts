import type { LiveWorkload } from '../cluster/workloads.ts';
import { rollbackSource } from './rollback-source.ts';

const workload = (readyReplicas: number): LiveWorkload => ({
  kind: 'StatefulSet',
  metadata: { name: 'loki', generation: 1 },
  spec: { replicas: 1 },
  status: { observedGeneration: 1, replicas: 1, readyReplicas, updatedReplicas: 1 },
});
const [ready, unready] = [workload(1), workload(0)];

test.each([
  ['the recorded revision', true, 'unchanged', [ready], 'recorded'],
  ['live objects that were changed and are healthy', true, 'changed', [ready, ready], 'live'],
  [
    'the recorded revision, if the changed objects are not healthy',
    true,
    'changed',
    [ready, unready],
    'recorded',
  ],
  ['the recorded revision, if every object was removed', true, 'changed', [], 'recorded'],
  [
    'live objects, if the recorded revision would be refused',
    true,
    'refused',
    [ready, unready],
    'live',
  ],
  ['live objects, if no revision is recorded', false, 'unchanged', [ready, unready], 'live'],
  ['nothing, if nothing was ever ready', false, 'unchanged', [unready], 'none'],
  ['nothing, if nothing is deployed', false, 'unchanged', [], 'none'],
] as const)('a failure rolls back to %s', (_what, isRecorded, drift, workloads, source) => {
  expect(rollbackSource({ isRecorded, drift, workloads })).toBe(source);
});
