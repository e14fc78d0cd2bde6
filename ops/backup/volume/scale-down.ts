import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { podOf } from '../../../lib/kubernetes/workload.ts';
import { kubectlOnExit } from '../../cluster/cleanup.ts';
import { kubectl, kubectlJson, type Target } from '../../cluster/kubectl.ts';
import { componentOf, describePod } from '../../cluster/pods.ts';
import { ProblemWatch } from '../../cluster/rollout.ts';
import { isReady, takeSnapshot } from '../../cluster/workloads.ts';
import { messageOf, UserError } from '../../process/errors.ts';
import { secondsSince } from '../../process/output.ts';
import { GiveUp, NotYet, retryUntil } from '../../process/retry.ts';
import type { StoreName } from '../files/stores.ts';

const schema = z.object({
  spec: z.object({
    replicas: z.number(),
    template: z.object({
      spec: z.object({ containers: z.array(z.object({ image: z.string() })) }),
    }),
  }),
  status: z.object({ readyReplicas: z.number().default(0) }),
});

export interface StoreState {
  readonly image: string;
  readonly replicas: number;
  readonly ready: boolean;
}

/** What runs of a store; nothing if it is not deployed. */
export async function stateOf(target: Target, store: StoreName): Promise<StoreState | undefined> {
  const name = `statefulset/${store}`;
  const found = await kubectl(target, ['get', name, '--ignore-not-found', '--output=name']);
  if (found.trim() === '') return undefined;
  const { spec, status } = await kubectlJson(target, schema, ['get', name]);
  return {
    image: spec.template.spec.containers[0]?.image ?? '',
    replicas: spec.replicas,
    ready: status.readyReplicas > 0,
  };
}

/** @throws UserError when a store is not deployed, or somebody has stopped it */
export async function requireRunning(target: Target, store: StoreName): Promise<StoreState> {
  const state = await stateOf(target, store);
  const { context, namespace } = target;
  if (state === undefined) {
    throw new UserError(
      `${store} is not deployed in namespace ${namespace} of context ${context}: deploy the stack first, or choose stores with --only`,
    );
  }
  if (state.replicas > 0) return state;
  throw new UserError(`${store} is scaled to 0: start it first (${startCommand(target, store)})`);
}

export function startCommand({ context, namespace }: Target, store: StoreName): string {
  return `kubectl --context ${context} -n ${namespace} scale --replicas=1 statefulset/${store}`;
}

/**
 * Stops a store for as long as some work takes, and starts it again whatever comes of the work.
 *
 * @returns what the work gave, when the store was told to stop, and for how many seconds it was away
 */
export async function whileStopped<T>(
  target: Target,
  store: StoreName,
  work: () => Promise<T>,
): Promise<{ result: T; toldAt: Date; awaySeconds: number }> {
  const start = ['scale', '--replicas=1', `statefulset/${store}`];
  const began = performance.now();
  const toldAt = new Date();
  const settled = kubectlOnExit(target, start);
  let result: T;
  try {
    await kubectl(target, ['scale', '--replicas=0', `statefulset/${store}`]);
    await stopped(target, store);
    result = await work();
    await requireStopped(target, store);
  } catch (error) {
    await startAgain(target, store, start, messageOf(error));
    settled();
    throw error;
  }
  await startAgain(target, store, start, 'all went well until then');
  settled();
  await ready(target, store);
  return { result, toldAt, awaySeconds: secondsSince(began) };
}

async function stopped(target: Target, store: StoreName): Promise<void> {
  // Longer than any store's own grace period.
  await kubectl(target, ['wait', '--for=delete', `pod/${podOf(store)}`, '--timeout=240s']);
}

/** A copy is consistent only if nobody started the store meanwhile, as a GitOps tool may. */
async function requireStopped(target: Target, store: StoreName): Promise<void> {
  const state = await stateOf(target, store);
  const args = ['get', 'pod', podOf(store), '--ignore-not-found', '--output=name'];
  const pod = (await kubectl(target, args)).trim();
  if (state?.replicas === 0 && pod === '') return;
  throw new UserError(
    `${store} was started by somebody else during the copy, which is therefore worthless: pause what scales it (a GitOps tool?) and run the command again`,
  );
}

async function startAgain(
  target: Target,
  store: StoreName,
  args: readonly string[],
  reason: string,
): Promise<void> {
  try {
    await kubectl(target, args);
  } catch (error) {
    throw new UserError(
      `${store} is stopped and could not be started again: ${messageOf(error)}\n  start it: ${startCommand(target, store)}\n  what happened before: ${reason}`,
    );
  }
}

/** Waits until a store answers again; gives up when it crashes instead. */
export async function ready(target: Target, store: StoreName): Promise<void> {
  const problems = new ProblemWatch();
  await retryUntil(
    `${store} ready`,
    async () => {
      const { workloads, pods } = await takeSnapshot(target);
      const own = pods.filter((pod) => componentOf(pod) === store);
      const stuck = problems.stuck({ pods: own }, performance.now());
      if (stuck !== undefined)
        throw new GiveUp(`it does not start: ${stuck.reason}: ${stuck.message}`);
      const workload = workloads.find(({ metadata }) => metadata.name === store);
      if (workload === undefined || !isReady(workload)) {
        throw new NotYet(own.map(describePod).join(', ') || 'no pod yet');
      }
    },
    // A long write-ahead log takes minutes to replay.
    { timeoutSeconds: 900, everyMs: 500 },
  );
}
