import { spawn } from 'node:child_process';

import { type Image, imageReference } from '../../lib/model/images.ts';
import { engine } from '../local/engine.ts';
import { inspectImages, loadImages } from '../local/node-images.ts';
import { PermanentError, RetryLater, retryUntil } from '../process/retry.ts';
import { kubectlCommand, kubectlList, type Target } from './kubectl.ts';
import { describePod, podSchema } from './pods.ts';
import { isLocal, type Session } from './session.ts';

/** A Job with one pod, which is not restarted. */
export interface Job {
  readonly name: string;
  /** For messages, such as `the load test`. */
  readonly description: string;
  readonly image: Image;
}

/** Copies the image of a Job from this machine into the local cluster, which may reach no registry. */
export async function ensureImage(session: Session, { image }: Job): Promise<void> {
  if (!isLocal(session)) return;
  const { settings } = session;
  const { clusterName } = settings.kind;
  const plan = await inspectImages(clusterName, [imageReference(image, settings)]);
  await loadImages(clusterName, plan.load);
}

async function findPod(target: Target, { name }: Job) {
  const selector = `--selector=job-name=${name}`;
  const [pod] = await kubectlList(target, podSchema, ['get', 'pods', selector]);
  if (pod === undefined) throw new RetryLater('no pod');
  return pod;
}

export async function waitUntilStarted(session: Session, job: Job): Promise<void> {
  await retryUntil(`${job.description} to start`, () => checkStarted(session, job), {
    timeoutSeconds: 180,
    intervalMs: 500,
  });
}

async function checkStarted({ target, settings }: Session, job: Job): Promise<void> {
  const pod = await findPod(target, job);
  const waiting = pod.status.containerStatuses.find(({ state }) => state.waiting)?.state.waiting;
  if (waiting?.reason === 'ErrImagePull' || waiting?.reason === 'ImagePullBackOff') {
    const pull = `${engine()} pull ${imageReference(job.image, settings)}`;
    throw new PermanentError(
      `the image of ${job.description} cannot be pulled: ${waiting.message ?? waiting.reason}; on this machine: ${pull}`,
    );
  }
  if (pod.status.phase === 'Pending') throw new RetryLater(describePod(pod));
}

export function followLogs(target: Target, { name }: Job): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(...kubectlCommand(target, ['logs', '--follow', `job/${name}`]), {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('close', () => resolve());
  });
}

export async function waitForExitCode(target: Target, job: Job): Promise<number> {
  return retryUntil(`${job.description} to end`, () => readExitCode(target, job), {
    timeoutSeconds: 60,
    intervalMs: 500,
  });
}

async function readExitCode(target: Target, job: Job): Promise<number> {
  const [status] = (await findPod(target, job)).status.containerStatuses;
  if (status?.state.terminated === undefined) throw new RetryLater('still running');
  return status.state.terminated.exitCode;
}
