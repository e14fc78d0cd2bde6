import { spawn } from 'node:child_process';
import { z } from 'zod';
import { imageReference, images } from '../lib/images.ts';
import { loadTestName } from '../lib/load.ts';
import { kubectlJson, type Target, targetArgs } from './kubectl.ts';
import { describePod, podSchema } from './pods.ts';
import { GiveUp, NotYet, until } from './until.ts';

const listSchema = z.object({ items: z.array(podSchema) });

async function podOf(target: Target) {
  const selector = `--selector=batch.kubernetes.io/job-name=${loadTestName}`;
  const { items } = await kubectlJson(target, listSchema, ['get', 'pods', selector]);
  const [pod] = items;
  if (pod === undefined) throw new NotYet('it has no pod');
  return pod;
}

/** Waits until k6 runs. */
export async function started(target: Target): Promise<void> {
  await until('the load test to start', () => running(target), {
    timeoutSeconds: 180,
    everyMs: 500,
  });
}

async function running(target: Target): Promise<void> {
  const pod = await podOf(target);
  const waiting = pod.status.containerStatuses.find(({ state }) => state.waiting)?.state.waiting;
  if (waiting?.reason === 'ErrImagePull' || waiting?.reason === 'ImagePullBackOff') {
    throw new GiveUp(
      `the image of k6 cannot be pulled: ${waiting.message ?? waiting.reason}; on this machine: docker pull ${imageReference(images.k6)}`,
    );
  }
  if (pod.status.phase === 'Pending') throw new NotYet(describePod(pod));
}

/** Shows what k6 prints, as it comes. */
export function follow(target: Target): Promise<void> {
  const args = [...targetArgs(target), 'logs', '--follow', `job/${loadTestName}`];
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', args, { stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', () => resolve());
  });
}

/** Waits until k6 has ended. */
export async function exitCode(target: Target): Promise<number> {
  return until('the load test to end', () => ended(target), { timeoutSeconds: 60, everyMs: 500 });
}

async function ended(target: Target): Promise<number> {
  const [status] = (await podOf(target)).status.containerStatuses;
  if (status?.state.terminated === undefined) throw new NotYet('k6 is still running');
  return status.state.terminated.exitCode;
}
