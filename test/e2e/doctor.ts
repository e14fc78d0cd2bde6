import { z } from 'zod';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { session } from './cluster.ts';
import { runMantis } from './command.ts';

const { target } = session;

const reportSchema = z.object({
  healthy: z.boolean(),
  from: z.string(),
  seconds: z.number(),
  checks: z.array(z.object({ hop: z.string(), status: z.string() })),
  broken: z.array(
    z.object({ area: z.string(), hop: z.string(), cause: z.string(), next: z.string() }),
  ),
});

export type DoctorReport = z.output<typeof reportSchema>;

export async function runDoctor(timeout = '8s', options: readonly string[] = []) {
  const args = ['doctor', '--json', '--timeout', timeout, ...options];
  const { code, stdout, stderr } = await runMantis(args);
  if (stdout === '') throw new Error(`no report: ${stderr}`);
  return { code, report: reportSchema.parse(JSON.parse(stdout)) };
}

/** Scales a StatefulSet to 0 or 1, and waits until its pod is gone. */
export async function scaleStatefulSet(component: string, replicas: number): Promise<void> {
  await kubectl(target, ['scale', `--replicas=${replicas}`, `statefulset/${component}`]);
  if (replicas > 0) return;
  await kubectl(target, ['wait', '--for=delete', `pod/${component}-0`, '--timeout=60s']);
}

export const waitUntilReady = () =>
  waitForRollout(target, { timeoutSeconds: 180, onReady: () => {} });
