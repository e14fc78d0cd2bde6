import { spawn } from 'node:child_process';
import { z } from 'zod';
import { doctorLabels, labelKeys } from '../../lib/model/labels.ts';
import { exists, kubectl, kubectlJson } from '../../ops/cluster/kubectl.ts';
import { prunedKinds } from '../../ops/cluster/prune.ts';
import { NotYet } from '../../ops/process/retry.ts';
import { eventually, session } from './cluster.ts';
import { type DoctorReport, doctor, healed, scale } from './doctor.ts';

const { target } = session;
const inside = (timeout?: string) => doctor(timeout, ['--inside']);

/** Everything in the cluster that is the doctor's. */
async function remains(): Promise<string> {
  const kinds = ['pods', ...prunedKinds.namespaced].join(',');
  const selector = Object.entries(doctorLabels).map((pair) => pair.join('='));
  const args = ['get', kinds, `--selector=${selector.join()}`, '--output=name'];
  return kubectl(target, args);
}

const hopsOf = ({ broken }: DoctorReport) => broken.map(({ area, hop }) => `${area}: ${hop}`);

afterEach(async () => {
  expect(await remains()).toBe('');
});

async function allWell(): Promise<void> {
  await eventually('the doctor to find nothing from within', async () => {
    const { code, report } = await inside();
    if (code !== 0) throw new NotYet(hopsOf(report).join(', '));
    expect(report).toMatchObject({ healthy: true, from: 'inside' });
    expect(report.checks.filter(({ status }) => status === 'ok').length).toBeGreaterThan(40);
  });
}

test('of a stack that is well a pod finds nothing broken', allWell);

test('without a store the doctor names its hops from within, and whose fault it is', async () => {
  await scale('loki', 0);
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
    await scale('loki', 1);
    await healed();
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

/** The rules that let telemetry in to the collector; on a local cluster node ports have some too. */
async function waysIn() {
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

test('a NetworkPolicy that keeps apps out is seen from within, and only there', async () => {
  const policies = await waysIn();
  for (const { name, others } of policies) await write(name, others);
  try {
    const outside = await doctor();
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

test('a Service that leads nowhere is seen from within', async () => {
  const patch = (app: string) =>
    kubectl(target, [
      ...['patch', 'service/tempo', '--type=merge'],
      `--patch=${JSON.stringify({ spec: { selector: { 'app.kubernetes.io/name': app } } })}`,
    ]);
  await patch('nobody');
  try {
    const { code, report } = await inside();
    expect(code).toBe(1);
    expect(report.broken[0]).toMatchObject({
      area: 'endpoint',
      hop: 'tempo',
      cause: expect.stringMatching(/Service is in the way/),
    });
  } finally {
    await patch('tempo');
  }
});

test('interrupted, it leaves nothing behind', async () => {
  const args = ['--import', 'tsx', 'ops/cli.ts', 'doctor', '--inside', '--context', target.context];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await eventually('the Job to be there', async () => {
    if (!(await exists(target, 'job', 'doctor'))) throw new NotYet('no Job');
  });
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  await eventually('all of it to be gone', async () => {
    const left = await remains();
    if (left !== '') throw new NotYet(left);
  });
});

test('after all of this everything is well again', allWell);
