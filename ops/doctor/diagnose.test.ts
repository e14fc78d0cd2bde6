import { labelKeys } from '../../lib/model/labels.ts';
import { podSchema } from '../cluster/pods.ts';
import type { LiveWorkload } from '../cluster/workloads.ts';
import { diagnose } from './diagnose.ts';
import type { Finding } from './model/finding.ts';

const target = { context: 'kind-mantis', namespace: 'observability' };

const workload = (name: string, replicas = 1, readyReplicas = replicas): LiveWorkload => ({
  kind: 'StatefulSet',
  metadata: { name, generation: 1 },
  spec: { replicas },
  status: { observedGeneration: 1, replicas, readyReplicas, updatedReplicas: replicas },
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

const logs = (seen: string): Finding => ({
  area: 'logs',
  hop: 'otel-collector → loki',
  suspects: ['loki', 'otel-collector'],
  cause: 'the exporter cannot reach loki',
  status: 'failed',
  seen,
});

const snapshot = { workloads: [workload('loki'), workload('otel-collector')], pods: [] };
const ready = { target, snapshot };

test('a store that is scaled to 0 comes with the command that scales it up', () => {
  const snapshot = { workloads: [workload('loki', 0), workload('otel-collector')], pods: [] };
  expect(diagnose(logs('0 of 2 items'), { target, snapshot })).toEqual({
    cause: 'StatefulSet loki is scaled to 0',
    next: 'kubectl --context kind-mantis --namespace observability scale statefulset/loki --replicas=1',
  });
});

test('a store that is not deployed is the cause', () => {
  const snapshot = { workloads: [workload('otel-collector')], pods: [] };
  expect(diagnose(logs(''), { target, snapshot }).cause).toBe(
    'loki is not deployed in namespace observability',
  );
});

test('a store that crashes comes with the reason of its pod and the command for its log', () => {
  const snapshot = { workloads: [workload('loki', 1, 0)], pods: [crashing] };
  const { cause, next } = diagnose(logs(''), { target, snapshot });
  expect(cause).toContain('CrashLoopBackOff: back-off');
  expect(next).toContain('logs statefulset/loki');
});

test('a pod that does not end comes with its node, which does not answer', () => {
  const lost = (deletionTimestamp: string) =>
    podSchema.parse({
      metadata: { ...crashing.metadata, deletionTimestamp },
      spec: { nodeName: 'worker-2' },
      status: {},
    });
  const diagnosis = (pod: typeof crashing) =>
    diagnose(logs(''), { target, snapshot: { workloads: [workload('loki', 1, 0)], pods: [pod] } });
  const { cause, next } = diagnosis(lost('2026-11-23T00:00:00Z'));
  expect(cause).toContain('pod loki-0 does not end: its node worker-2 does not answer');
  expect(next).toContain('get node worker-2');
  expect(diagnosis(lost(new Date().toISOString())).cause).toContain('(terminating)');
});

test('when all suspects run, the cause of the check is used', () => {
  expect(diagnose(logs('0 of 2'), ready)).toEqual({
    cause: 'the exporter cannot reach loki',
    next: 'kubectl --context kind-mantis --namespace observability logs statefulset/loki --tail=50',
  });
});

test.each([
  ['GET /x answered 401: Invalid username or password', 'grafana', /does not accept the login/],
  ['GET /x answered 404: Data source not found', 'grafana', /no such datasource/],
] as const)('the cause of "%s" is found', (seen, area, cause) => {
  const finding: Finding = { area, hop: 'grafana → loki', suspects: [], status: 'failed', seen };
  expect(diagnose(finding, ready).cause).toMatch(cause);
});

test('a timeout of a ready pod leads to mantis diff', () => {
  const seen = 'timed out after 15 s; last seen: The operation was aborted due to timeout';
  expect(diagnose(logs(seen), ready).next).toBe('./mantis diff --context kind-mantis');
});

test('a collector that refuses data has reached its memory limit or its queue limit', () => {
  const finding: Finding = {
    ...logs('UNAVAILABLE: data refused due to high memory usage'),
    hop: 'sender → otel-collector (OTLP/gRPC)',
    suspects: ['otel-collector'],
  };
  const { cause, next } = diagnose(finding, ready);
  expect(cause).toMatch(/memory limit or its queue limit/);
  expect(next).toContain('collector.memoryLimit');
});

test.each([
  [
    'fetch failed: getaddrinfo ENOTFOUND loki.observability.svc.cluster.local',
    /DNS/,
    /get service/,
  ],
  ['UNAVAILABLE: Name resolution failed for target dns:loki', /DNS/, /get service/],
  ['The operation was aborted due to timeout', /NetworkPolicy/, /^\.\/mantis diff/],
  ['DEADLINE_EXCEEDED: Deadline exceeded after 5s', /NetworkPolicy/, /^\.\/mantis diff/],
])('in a pod of the cluster, %s of a ready service is a network problem', (seen, cause, next) => {
  const finding: Finding = {
    area: 'endpoint',
    hop: 'loki',
    suspects: ['loki'],
    status: 'failed',
    seen,
  };
  const found = diagnose(finding, { ...ready, from: 'inside' });
  expect(found.cause).toMatch(cause);
  expect(found.next).toMatch(next);
  expect(diagnose(finding, ready).cause).not.toMatch(cause);
  // The state of the workload comes first here too.
  const away = { workloads: [workload('loki', 0)], pods: [] };
  expect(diagnose(finding, { target, snapshot: away, from: 'inside' }).cause).toMatch(
    /scaled to 0/,
  );
});

test('when Kubernetes does not answer, that is the cause', () => {
  const snapshot = { error: 'the cluster does not answer' };
  expect(diagnose(logs(''), { target, snapshot }).cause).toBe('the cluster does not answer');
});
