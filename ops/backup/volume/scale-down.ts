import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { statefulSetPodName } from '../../../lib/kubernetes/workload.ts';
import { exists, kubectl, kubectlFind, kubectlOnExit, type Target } from '../../cluster/kubectl.ts';
import { waitForRollout } from '../../cluster/rollout.ts';
import { messageOf, UserError } from '../../process/errors.ts';
import { secondsSince } from '../../process/output.ts';
import type { StoreName } from '../../stores/store.ts';

const schema = z.object({
  spec: z.object({
    replicas: z.number(),
    template: z.object({
      spec: z.object({ containers: z.array(z.object({ image: z.string() })) }),
    }),
  }),
});

/** Undefined if the store is not deployed. */
async function readState(target: Target, store: StoreName) {
  const found = await kubectlFind(target, schema, 'statefulset', store);
  if (found === undefined) return undefined;
  const { replicas, template } = found.spec;
  return { image: template.spec.containers[0]?.image ?? '', replicas };
}

/** @throws UserError when the store is not deployed or scaled to 0 */
export async function requireRunning(target: Target, store: StoreName) {
  const state = await readState(target, store);
  const { context, namespace } = target;
  if (state === undefined) {
    throw new UserError(
      `${store} is not deployed in namespace ${namespace} of context ${context}: deploy the stack first, or choose stores with --only`,
    );
  }
  if (state.replicas > 0) return state;
  throw new UserError(`${store} is scaled to 0: start it first (${startCommand(target, store)})`);
}

function startCommand({ context, namespace }: Target, store: StoreName): string {
  return `kubectl --context ${context} -n ${namespace} scale --replicas=1 statefulset/${store}`;
}

/**
 * Scales a store to 0 for the duration of `work`, and up again even if that fails.
 *
 * @returns the result of the work, when the store was scaled down, and for how many seconds it was down
 */
export async function withStoreStopped<T>(
  target: Target,
  store: StoreName,
  work: () => Promise<T>,
): Promise<{ result: T; stoppedAt: Date; awaySeconds: number }> {
  const start = ['scale', '--replicas=1', `statefulset/${store}`];
  const began = performance.now();
  const stoppedAt = new Date();
  const cancelCleanup = kubectlOnExit(target, start);
  let result: T;
  try {
    await kubectl(target, ['scale', '--replicas=0', `statefulset/${store}`]);
    // Longer than the grace period of any store.
    const pod = `pod/${statefulSetPodName(store)}`;
    await kubectl(target, ['wait', '--for=delete', pod, '--timeout=240s']);
    result = await work();
    await requireStopped(target, store);
  } catch (error) {
    await restartStore(target, store, start, messageOf(error));
    cancelCleanup();
    throw error;
  }
  await restartStore(target, store, start, 'nothing failed before');
  cancelCleanup();
  // A long write-ahead log takes minutes to replay.
  await waitForRollout(target, { only: store, timeoutSeconds: 900, onReady: () => {} });
  return { result, stoppedAt, awaySeconds: secondsSince(began) };
}

/** A copy is only consistent if the store stayed down: a GitOps tool may have scaled it up. */
async function requireStopped(target: Target, store: StoreName): Promise<void> {
  const state = await readState(target, store);
  if (state?.replicas === 0 && !(await exists(target, 'pod', statefulSetPodName(store)))) return;
  throw new UserError(
    `${store} was scaled up during the copy, which is therefore inconsistent: pause what scales it (a GitOps tool?) and run the command again`,
  );
}

async function restartStore(
  target: Target,
  store: StoreName,
  args: readonly string[],
  reason: string,
): Promise<void> {
  try {
    await kubectl(target, args);
  } catch (error) {
    throw new UserError(
      `${store} is stopped and could not be started again: ${messageOf(error)}\n  start it: ${startCommand(target, store)}\n  error before that: ${reason}`,
    );
  }
}
