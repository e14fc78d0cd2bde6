import { z } from 'zod';
import {
  helperPodName,
  type VolumeHelperProps,
  volumeHelper,
} from '../../../lib/jobs/volume-helper.ts';
import { statefulSetPodName } from '../../../lib/kubernetes/workload.ts';
import {
  kubectl,
  kubectlFind,
  kubectlJson,
  kubectlOnExit,
  type Target,
} from '../../cluster/kubectl.ts';
import { podProblem } from '../../cluster/pod-problems.ts';
import { describePod, isPodReady, podSchema } from '../../cluster/pods.ts';
import type { Session } from '../../cluster/session.ts';
import { UserError } from '../../process/errors.ts';
import { PermanentError, RetryLater, retryUntil } from '../../process/retry.ts';
import { CommandError } from '../../process/run.ts';
import type { StoreName } from '../../stores/store.ts';

/** A pod with a store's volume mounted. */
export type HelperPod = Awaited<ReturnType<typeof startHelper>>;

type HelperOptions = Pick<VolumeHelperProps, 'writable'>;

export async function withHelper<T>(
  session: Session,
  store: StoreName,
  options: HelperOptions,
  work: (helper: HelperPod) => Promise<T>,
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
) {
  const pod = helperPodName(store);
  const node = await nodeOf(target, store);
  const body = JSON.stringify(volumeHelper({ settings, store, node, ...options }));
  try {
    await kubectl(target, ['create', '--filename=-'], { input: body });
  } catch (error) {
    if (!(error instanceof CommandError && /AlreadyExists/.test(error.stderr))) throw error;
    throw new UserError(
      `pod ${pod} exists: another backup or restore of ${store} is running. If none is: kubectl --context ${target.context} -n ${target.namespace} delete pod ${pod}`,
    );
  }
  const deletion = ['delete', 'pod', pod, '--ignore-not-found', '--grace-period=1'];
  const cancelCleanup = kubectlOnExit(target, [...deletion, '--wait=false']);
  /** Can be called twice. */
  const remove = async () => {
    await kubectl(target, deletion);
    cancelCleanup();
  };
  try {
    await retryUntil(`pod ${pod} ready`, () => requireReady(target, pod), {
      timeoutSeconds: 180,
      intervalMs: 300,
    });
  } catch (error) {
    await remove();
    throw error;
  }
  /** Runs a shell script in the pod; gives its output. */
  const sh = (script: string) => kubectl(target, ['exec', pod, '--', 'sh', '-c', script]);
  return { pod, sh, remove };
}

async function requireReady(target: Target, name: string): Promise<void> {
  const pod = await kubectlJson(target, podSchema, ['get', 'pod', name]);
  const problem = podProblem(pod);
  // Volumes and images may take a while, but a missing command stays missing.
  if (problem?.reason === 'RunContainerError' || pod.status.phase === 'Failed') {
    throw new PermanentError(`pod ${name} cannot run: ${problem?.message ?? describePod(pod)}`);
  }
  if (!isPodReady(pod)) throw new RetryLater(problem?.message ?? describePod(pod));
}

const podNodeSchema = z.object({ spec: z.object({ nodeName: z.string().optional() }) });

/** The node of the store's pod, which has the volume; undefined if there is no pod. */
async function nodeOf(target: Target, store: StoreName): Promise<string | undefined> {
  return (await kubectlFind(target, podNodeSchema, 'pod', statefulSetPodName(store)))?.spec
    .nodeName;
}
