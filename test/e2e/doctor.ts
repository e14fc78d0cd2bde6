import { z } from 'zod';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { session } from './cluster.ts';
import { mantis } from './command.ts';

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

/** Runs the doctor as a script does. */
export async function doctor(timeout = '8s', options: readonly string[] = []) {
  const args = ['doctor', '--json', '--timeout', timeout, ...options];
  const { code, stdout, stderr } = await mantis(args);
  if (stdout === '') throw new Error(`no report: ${stderr}`);
  return { code, report: reportSchema.parse(JSON.parse(stdout)) };
}

/** Starts or stops the pod of a StatefulSet. */
export async function scale(component: string, replicas: number): Promise<void> {
  await kubectl(target, ['scale', `--replicas=${replicas}`, `statefulset/${component}`]);
  if (replicas > 0) return;
  await kubectl(target, ['wait', '--for=delete', `pod/${component}-0`, '--timeout=60s']);
}

/** Waits until everything runs. */
export const healed = () => waitForRollout(target, { timeoutSeconds: 180, onReady: () => {} });
