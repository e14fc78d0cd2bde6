import { spawn } from 'node:child_process';
import { z } from 'zod';
import { type Image, imageReference } from '../../lib/model/images.ts';
import { engine } from '../local/engine.ts';
import { inspectImages, loadImages } from '../local/node-images.ts';
import { GiveUp, NotYet, retryUntil } from '../process/retry.ts';
import { kubectlCommand, kubectlJson, type Target } from './kubectl.ts';
import { describePod, podSchema } from './pods.ts';
import { isLocal, type Session } from './session.ts';

/** A Job with one pod that runs once. */
export interface Job {
  readonly name: string;
  /** Within a sentence, such as `the load test`. */
  readonly what: string;
  readonly image: Image;
}

/** A local cluster may have no registry; what this machine has is copied in. */
export async function ensureImage(session: Session, { image }: Job): Promise<void> {
  if (!isLocal(session)) return;
  const { settings } = session;
  const { clusterName } = settings.kind;
  const plan = await inspectImages(clusterName, [imageReference(image, settings)]);
  await loadImages(clusterName, plan.load);
}

const listSchema = z.object({ items: z.array(podSchema) });

async function podOf(target: Target, { name }: Job) {
  const selector = `--selector=job-name=${name}`;
  const { items } = await kubectlJson(target, listSchema, ['get', 'pods', selector]);
  const [pod] = items;
  if (pod === undefined) throw new NotYet('it has no pod');
  return pod;
}

/** Waits until it runs. */
export async function started(session: Session, job: Job): Promise<void> {
  await retryUntil(`${job.what} to start`, () => running(session, job), {
    timeoutSeconds: 180,
    everyMs: 500,
  });
}

async function running({ target, settings }: Session, job: Job): Promise<void> {
  const pod = await podOf(target, job);
  const waiting = pod.status.containerStatuses.find(({ state }) => state.waiting)?.state.waiting;
  if (waiting?.reason === 'ErrImagePull' || waiting?.reason === 'ImagePullBackOff') {
    const pull = `${engine()} pull ${imageReference(job.image, settings)}`;
    throw new GiveUp(
      `the image of ${job.what} cannot be pulled: ${waiting.message ?? waiting.reason}; on this machine: ${pull}`,
    );
  }
  if (pod.status.phase === 'Pending') throw new NotYet(describePod(pod));
}

/** Shows what it prints, as it comes. */
export function follow(target: Target, { name }: Job): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(...kubectlCommand(target, ['logs', '--follow', `job/${name}`]), {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('close', () => resolve());
  });
}

/** Waits until it has ended. */
export async function exitCode(target: Target, job: Job): Promise<number> {
  return retryUntil(`${job.what} to end`, () => ended(target, job), {
    timeoutSeconds: 60,
    everyMs: 500,
  });
}

async function ended(target: Target, job: Job): Promise<number> {
  const [status] = (await podOf(target, job)).status.containerStatuses;
  if (status?.state.terminated === undefined) throw new NotYet('it is still running');
  return status.state.terminated.exitCode;
}
