import { z } from 'zod';
import {
  helperName,
  type VolumeHelperProps,
  volumeHelper,
} from '../../../lib/jobs/volume-helper.ts';
import { podOf } from '../../../lib/kubernetes/workload.ts';
import { kubectlOnExit } from '../../cluster/cleanup.ts';
import { kubectl, kubectlJson, type Target } from '../../cluster/kubectl.ts';
import { podProblem } from '../../cluster/pod-problems.ts';
import { describePod, isPodReady, podSchema } from '../../cluster/pods.ts';
import type { Session } from '../../cluster/session.ts';
import { UserError } from '../../process/errors.ts';
import { GiveUp, NotYet, retryUntil } from '../../process/retry.ts';
import { CommandError } from '../../process/run.ts';
import type { StoreName } from '../files/stores.ts';

/** A pod that has a store's volume mounted. */
export interface Helper {
  readonly pod: string;
  /** Runs a script of the shell in it; gives what it prints. */
  sh(script: string): Promise<string>;
  /** Deletes it. Twice is no error. */
  remove(): Promise<void>;
}

export type HelperOptions = Pick<VolumeHelperProps, 'writable' | 'image'>;

/** Lends a helper to some work on a store's volume. */
export async function withHelper<T>(
  session: Session,
  store: StoreName,
  options: HelperOptions,
  work: (helper: Helper) => Promise<T>,
): Promise<T> {
  const helper = await startHelper(session, store, options);
  try {
    return await work(helper);
  } finally {
    await helper.remove();
  }
}

async function startHelper(
  { settings, target }: Session,
  store: StoreName,
  options: HelperOptions,
): Promise<Helper> {
  const pod = helperName(store);
  const node = await nodeOf(target, store);
  const body = JSON.stringify(volumeHelper({ settings, store, node, ...options }));
  try {
    await kubectl(target, ['create', '--filename=-'], { input: body });
  } catch (error) {
    if (!(error instanceof CommandError && /AlreadyExists/.test(error.stderr))) throw error;
    throw new UserError(
      `pod ${pod} is there: another backup or restore of ${store} is running. If none is: kubectl --context ${target.context} -n ${target.namespace} delete pod ${pod}`,
    );
  }
  const deletion = ['delete', 'pod', pod, '--ignore-not-found', '--grace-period=1'];
  const settled = kubectlOnExit(target, [...deletion, '--wait=false']);
  const remove = async () => {
    await kubectl(target, deletion);
    settled();
  };
  try {
    await retryUntil(`pod ${pod} ready`, () => requireReady(target, pod), {
      timeoutSeconds: 180,
      everyMs: 300,
    });
  } catch (error) {
    await remove();
    throw error;
  }
  const sh = (script: string) => kubectl(target, ['exec', pod, '--', 'sh', '-c', script]);
  return { pod, sh, remove };
}

async function requireReady(target: Target, name: string): Promise<void> {
  const pod = await kubectlJson(target, podSchema, ['get', 'pod', name]);
  const problem = podProblem(pod);
  // Volumes and images take their time, but a command that is not there never comes.
  if (problem?.reason === 'RunContainerError' || pod.status.phase === 'Failed') {
    throw new GiveUp(
      `pod ${name} cannot run: ${problem?.message ?? describePod(pod)}; --helper-image names an image with sh and tar`,
    );
  }
  if (!isPodReady(pod)) throw new NotYet(problem?.message ?? describePod(pod));
}

const scheduled = z.object({ spec: z.object({ nodeName: z.string().optional() }) });

/** The node that has the store's volume; none while the store has no pod. */
async function nodeOf(target: Target, store: StoreName): Promise<string | undefined> {
  const args = ['get', 'pod', podOf(store), '--ignore-not-found', '--output=json'];
  const found = await kubectl(target, args);
  return found.trim() === '' ? undefined : scheduled.parse(JSON.parse(found)).spec.nodeName;
}
