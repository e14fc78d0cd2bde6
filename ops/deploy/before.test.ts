import type { Workload } from '../cluster/workloads.ts';
import { rollbackSource } from './before.ts';

const workload = (readyReplicas: number): Workload => ({
  kind: 'StatefulSet',
  metadata: { name: 'loki', generation: 1 },
  spec: { replicas: 1 },
  status: { observedGeneration: 1, replicas: 1, readyReplicas, updatedReplicas: 1 },
});
const [well, ill] = [workload(1), workload(0)];

test.each([
  ['the last deployment that worked', true, 'unchanged', [well], 'known'],
  ['what somebody made of it since, if that is well', true, 'changed', [well, well], 'live'],
  [
    'the last deployment that worked, if what was made of it is not well',
    true,
    'changed',
    [well, ill],
    'known',
  ],
  [
    'the last deployment that worked, if a part with a volume is gone from what is well',
    true,
    'incomplete',
    [well],
    'known',
  ],
  ['the last deployment that worked, if all was removed', true, 'changed', [], 'known'],
  ['what runs, if the last deployment would be refused', true, 'refused', [well, ill], 'live'],
  ['what runs, if it was not deployed by us', false, 'unchanged', [well, ill], 'live'],
  ['nothing, if nothing ever ran', false, 'unchanged', [ill], 'nothing'],
  ['nothing, where nothing is', false, 'unchanged', [], 'nothing'],
] as const)('a failure goes back to %s', (_what, known, since, workloads, way) => {
  expect(rollbackSource({ known, since, workloads })).toBe(way);
});
