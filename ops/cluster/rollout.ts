import { performance } from 'node:perf_hooks';
import { print, secondsSince } from '../process/output.ts';
import { PermanentError, RetryLater, retryUntil } from '../process/retry.ts';
import {
  describeFailedCreate,
  type FailedCreate,
  FailedCreateTracker,
  findFailedCreates,
} from './failed-creates.ts';
import { kubectl, type Target } from './kubectl.ts';
import { type PodProblem, podProblem } from './pod-problems.ts';
import { componentOf, describePod, isPodReady, type Pod } from './pods.ts';
import { isRolledOut, type LiveWorkload, type Snapshot, takeSnapshot } from './workloads.ts';

export interface RolloutOptions {
  /** @default - every workload */
  readonly only?: string;
  readonly timeoutSeconds: number;
  /** Called once for each component that has become ready. @default - prints a line */
  readonly onReady?: (component: string, seconds: number) => void;
}

/**
 * Waits until every workload is rolled out, or one of them.
 *
 * @throws PermanentError as soon as one of their pods has a problem that waiting does not resolve, or cannot be
 *   created
 */
export async function waitForRollout(target: Target, options: RolloutOptions): Promise<void> {
  const start = performance.now();
  const { only, timeoutSeconds, onReady = printReady } = options;
  const ready = new Set<string>();
  const problems = new ProblemTracker();
  const failedCreates = new FailedCreateTracker();
  let lastPrinted = start;
  await retryUntil(
    `${only ?? 'components'} of namespace ${target.namespace} ready`,
    async () => {
      const { workloads, pods } = await takeSnapshot(target);
      const isWanted = ({ metadata }: LiveWorkload) => only === undefined || metadata.name === only;
      const snapshot = { workloads: workloads.filter(isWanted), pods };
      for (const { metadata } of snapshot.workloads.filter(isRolledOut)) {
        if (ready.has(metadata.name)) continue;
        ready.add(metadata.name);
        lastPrinted = performance.now();
        onReady(metadata.name, secondsSince(start));
      }
      const stuckProblem = problems.stuck({ pods: podsToWaitFor(snapshot) }, performance.now());
      if (stuckProblem !== undefined)
        throw new PermanentError(await describeProblem(target, stuckProblem));
      const failures = await findFailedCreates(target, snapshot);
      const creation = failedCreates.update(failures, performance.now());
      for (const each of creation.fresh) print(`  ${describeFailedCreate(each)}`);
      if (creation.lasting !== undefined)
        throw new PermanentError(describeFailedCreate(creation.lasting));
      const waiting = describePending(snapshot, failures);
      if (waiting === '') return;
      if (performance.now() - lastPrinted > 20_000) {
        lastPrinted = performance.now();
        print(`  still waiting: ${waiting}`);
      }
      throw new RetryLater(waiting);
    },
    { timeoutSeconds },
  );
}

function printReady(component: string, seconds: number): void {
  print(`  ${component.padEnd(16)} ready after ${seconds} s`);
}

export function describePending(
  { workloads, pods }: Snapshot,
  failures: readonly FailedCreate[] = [],
): string {
  if (workloads.length === 0) return 'no workloads';
  return workloads
    .filter((workload) => !isRolledOut(workload))
    .map(({ metadata }) => {
      const states = pods.filter((pod) => componentOf(pod) === metadata.name).map(describePod);
      const failure = failures.find(({ workload }) => workload === metadata.name);
      if (failure !== undefined) states.push(`FailedCreate: ${failure.message}`);
      return `${metadata.name} (${states.join(', ') || 'no pod yet'})`;
    })
    .join(', ');
}

/** The pods of workloads that are not rolled out; those of load tests and surplus replicas are not. */
export function podsToWaitFor({ workloads, pods }: Snapshot): Pod[] {
  const names = workloads
    .filter((workload) => !isRolledOut(workload))
    .map(({ metadata }) => metadata.name);
  return pods.filter((pod) => names.includes(componentOf(pod)));
}

/** Tracks since when each pod has had its problem, until the pod is ready or gone. */
export class ProblemTracker {
  private readonly since = new Map<string, number>();

  stuck({ pods }: Pick<Snapshot, 'pods'>, now: number): PodProblem | undefined {
    // A crashing container runs for a moment between two crashes: only a ready pod has recovered.
    const unready = pods.filter((pod) => !isPodReady(pod)).map(({ metadata }) => metadata.uid);
    for (const key of this.since.keys()) {
      if (!unready.some((uid) => key.startsWith(uid))) this.since.delete(key);
    }
    return pods
      .map(podProblem)
      .filter((problem) => problem !== undefined)
      .find((problem) => {
        const key = problemKey(problem);
        const since = this.since.get(key) ?? now;
        this.since.set(key, since);
        return (now - since) / 1000 >= problem.gracePeriodSeconds;
      });
  }
}

/** ErrImagePull and ImagePullBackOff alternate, but are one problem. */
function problemKey({ pod, reason }: PodProblem): string {
  return `${pod.metadata.uid}/${/Image.*(Pull|BackOff)/.test(reason) ? 'image' : reason}`;
}

async function describeProblem(target: Target, problem: PodProblem): Promise<string> {
  const { name, namespace = target.namespace } = problem.pod.metadata;
  const message = `pod ${name} cannot start: ${problem.reason}: ${problem.message}`;
  if (!problem.includeLogs) return message;
  const lines = await lastLogLines({ ...target, namespace }, name);
  return [message, `last lines of its log:`, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** The last log lines of the previous container, as the current one may not have logged anything. */
async function lastLogLines(target: Target, pod: string): Promise<string[]> {
  for (const extra of [['--previous'], []]) {
    try {
      const output = await kubectl(target, ['logs', pod, '--tail=8', ...extra]);
      if (output.trim() !== '') return output.trimEnd().split('\n');
    } catch {
      // There is no previous container, or the pod is gone.
    }
  }
  return ['(empty)'];
}
