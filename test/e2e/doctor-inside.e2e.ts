import { spawn } from 'node:child_process';
import { z } from 'zod';
import { doctorLabels, labelKeys } from '../../lib/model/labels.ts';
import { exists, kubectl, kubectlJson } from '../../ops/cluster/kubectl.ts';
import { prunedKinds } from '../../ops/cluster/prune.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { eventually, session } from './cluster.ts';
import { type DoctorReport, runDoctor, scaleStatefulSet, waitUntilReady } from './doctor.ts';

const { target } = session;
const inside = (timeout?: string) => runDoctor(timeout, ['--inside']);

/** The names of the doctor's objects in the cluster. */
async function listDoctorObjects(): Promise<string> {
  const kinds = ['pods', ...prunedKinds.namespaced].join(',');
  const selector = Object.entries(doctorLabels).map((pair) => pair.join('='));
  const args = ['get', kinds, `--selector=${selector.join()}`, '--output=name'];
  return kubectl(target, args);
}

const hopsOf = ({ broken }: DoctorReport) => broken.map(({ area, hop }) => `${area}: ${hop}`);

afterEach(async () => {
  expect(await listDoctorObjects()).toBe('');
});

async function expectHealthy(): Promise<void> {
  await eventually('the doctor in the cluster to find no problem', async () => {
    const { code, report } = await inside();
    if (code !== 0) throw new RetryLater(hopsOf(report).join(', '));
    expect(report).toMatchObject({ healthy: true, from: 'inside' });
    expect(report.checks.filter(({ status }) => status === 'ok').length).toBeGreaterThan(40);
  });
}

test('a healthy stack has no failed check in the cluster', expectHealthy);

test('without a store the doctor in the cluster names its hops and the cause', async () => {
  await scaleStatefulSet('loki', 0);
  try {
    const { code, report } = await inside();
    expect(code).toBe(1);
    expect(hopsOf(report)).toEqual(
      expect.arrayContaining(['endpoint: loki', 'logs: otel-collector → loki']),
    );
    expect(report.broken[0]).toMatchObject({
      hop: 'loki',
      cause: 'StatefulSet loki is scaled to 0',
    });
  } finally {
    await scaleStatefulSet('loki', 1);
    await waitUntilReady();
  }
});

const policiesSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({
        podSelector: z.object({ matchLabels: z.record(z.string(), z.string()).default({}) }),
        ingress: z
          .array(z.object({ ports: z.array(z.object({ port: z.number() })).default([]) }).loose())
          .default([]),
      }),
    }),
  ),
});

/** The NetworkPolicies that allow OTLP to the collector; on a local cluster there is one for node ports too. */
async function readOtlpPolicies() {
  const { items } = await kubectlJson(target, policiesSchema, ['get', 'networkpolicies']);
  const otlp = [4317, 4318];
  return items
    .filter(({ spec }) => spec.podSelector.matchLabels[labelKeys.name] === 'otel-collector')
    .map(({ metadata: { name }, spec: { ingress } }) => {
      const others = ingress.filter(({ ports }) => !ports.some(({ port }) => otlp.includes(port)));
      return { name, ingress, others };
    });
}

async function write(name: string, ingress: unknown): Promise<void> {
  const patch = `--patch=${JSON.stringify({ spec: { ingress } })}`;
  await kubectl(target, ['patch', `networkpolicy/${name}`, '--type=merge', patch]);
}

test('a NetworkPolicy that blocks apps is found in the cluster only', async () => {
  const policies = await readOtlpPolicies();
  for (const { name, others } of policies) await write(name, others);
  try {
    const outside = await runDoctor();
    expect({ code: outside.code, broken: hopsOf(outside.report) }).toEqual({ code: 0, broken: [] });
    const { code, report } = await inside();
    expect(code).toBe(1);
    expect(hopsOf(report)).toEqual(
      ['metrics', 'logs', 'traces'].flatMap((signal) => [
        `${signal}: sender → otel-collector (OTLP/gRPC)`,
        `${signal}: sender → otel-collector (OTLP/HTTP)`,
      ]),
    );
    for (const { cause, next } of report.broken) {
      expect(cause).toMatch(/NetworkPolicy/);
      expect(next).toMatch(/^\.\/mantis diff/);
    }
  } finally {
    for (const { name, ingress } of policies) await write(name, ingress);
  }
});

test('a Service without pods is found in the cluster', async () => {
  const patch = (app: string) =>
    kubectl(target, [
      ...['patch', 'service/tempo', '--type=merge'],
      `--patch=${JSON.stringify({ spec: { selector: { 'app.kubernetes.io/name': app } } })}`,
    ]);
  await patch('no-such-app');
  try {
    const { code, report } = await inside();
    expect(code).toBe(1);
    expect(report.broken[0]).toMatchObject({
      area: 'endpoint',
      hop: 'tempo',
      cause: expect.stringMatching(/Service blocks the connection/),
    });
  } finally {
    await patch('tempo');
  }
});

test('an interrupted doctor leaves no objects', async () => {
  const args = ['--import', 'tsx', 'ops/cli.ts', 'doctor', '--inside', '--context', target.context];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await eventually('the Job to be created', async () => {
    if (!(await exists(target, 'job', 'doctor'))) throw new RetryLater('no Job');
  });
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  await eventually('its objects to be deleted', async () => {
    const left = await listDoctorObjects();
    if (left !== '') throw new RetryLater(left);
  });
});

test('afterwards the stack is healthy again', expectHealthy);
