import { labelKeys } from '../../lib/model/labels.ts';
import { podProblem } from './pod-problems.ts';
import { podSchema } from './pods.ts';

type Status = Record<string, unknown>;

function pod(status: Status, component = 'loki', metadata: Record<string, unknown> = {}) {
  const labels = { [labelKeys.name]: component };
  return podSchema.parse({
    metadata: { name: `${component}-0`, uid: 'u', labels, ...metadata },
    status,
  });
}

const waiting = (reason: string, message?: string, more: Status = {}) => ({
  containerStatuses: [
    { name: 'c', ready: false, restartCount: 0, state: { waiting: { reason, message } }, ...more },
  ],
});

test.each(['ContainerCreating', 'PodInitializing'])('%s is no problem', (reason) => {
  expect(podProblem(pod(waiting(reason)))).toBeUndefined();
});

test('a running pod that is not ready yet is no problem', () => {
  const status = { name: 'c', ready: false, restartCount: 0, state: { running: {} } };
  expect(podProblem(pod({ containerStatuses: [status] }))).toBeUndefined();
});

test('a pod that is being deleted has no problem', () => {
  const going = { deletionTimestamp: '2026-11-23T00:00:00Z' };
  expect(podProblem(pod(waiting('CrashLoopBackOff'), 'loki', going))).toBeUndefined();
});

test.each(['ImagePullBackOff', 'ErrImagePull'])('%s points to the list of images', (reason) => {
  const problem = podProblem(pod(waiting(reason, 'Back-off pulling image "grafana/loki:3.7.8"')));
  expect(problem?.message).toMatch(/grafana\/loki:3\.7\.8.*\n {2}.*\.\/mantis images/);
});

test('a missing Secret is named, with a remedy', () => {
  const status = waiting('CreateContainerConfigError', 'secret "vendor" not found');
  expect(podProblem(pod(status, 'otel-collector'))?.message).toBe(
    'secret "vendor" not found\n  create Secret vendor, which a setting refers to',
  );
});

test('a crash comes with log lines', () => {
  expect(podProblem(pod(waiting('CrashLoopBackOff')))?.includeLogs).toBe(true);
});

test.each([
  ['mkdir /loki/chunks: permission denied', 'it may not write to its volume (mkdir /loki/chunks'],
  ['open /loki/x: read-only file system', 'it may not write to its volume'],
  ['write /loki/wal/1: no space left on device', 'its volume is full: raise loki.storage'],
])('a crash with "%s" comes with the remedy for its volume', (message, advice) => {
  const crashed = { lastState: { terminated: { exitCode: 1, message: `start\n${message}\n` } } };
  expect(podProblem(pod(waiting('CrashLoopBackOff', 'back-off', crashed)))?.message).toContain(
    advice,
  );
});

test('a taint of a node that does not answer is not to be tolerated', () => {
  const condition = {
    ...{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' },
    message:
      '0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }',
  };
  expect(podProblem(pod({ conditions: [condition] }))?.message).toContain('a node does not answer');
});

test.each([
  ['loki', 'loki.memoryLimit'],
  ['otel-collector', 'collector.memoryLimit'],
  ['orders', 'testApp.memoryLimit'],
])('if %s is OOMKilled, the advice is the setting %s', (component, setting) => {
  const killed = { lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } };
  const problem = podProblem(pod(waiting('CrashLoopBackOff', 'back-off', killed), component));
  expect(problem?.message).toContain(`raise ${setting}`);
});

test.each([
  ['0/1 nodes are available: 1 Insufficient memory.', 'lower loki.memory'],
  ['0/1 nodes are available: 1 Insufficient cpu.', 'lower loki.cpu'],
  ['pod has unbound immediate PersistentVolumeClaims', 'storageClass'],
  ['0/1 nodes are available: 1 node(s) had untolerated taint {a: b}.', 'loki.tolerations'],
  [
    '0/2 nodes are available: 1 node(s) had untolerated taint {a: b}, 1 node(s) had volume node affinity conflict.',
    'its volume is on a node that settings exclude',
  ],
  ["0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.", 'nodeSelector'],
  [
    "0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints.",
    'topologySpreadConstraints',
  ],
])('unschedulable: %s: %s', (message, advice) => {
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
  const problem = podProblem(pod({ phase: 'Pending', conditions: [condition] }));
  expect(problem?.reason).toBe('Unschedulable');
  expect(problem?.message).toContain(message);
  expect(problem?.message).toContain(advice);
});
