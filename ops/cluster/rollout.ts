import { performance } from 'node:perf_hooks';
import { say, secondsSince } from '../process/output.ts';
import { GiveUp, NotYet, retryUntil } from '../process/retry.ts';
import { kubectl, type Target } from './kubectl.ts';
import { type PodProblem, podProblem } from './pod-problems.ts';
import { componentOf, describePod, isPodReady, type Pod } from './pods.ts';
import { isRolledOut, type Snapshot, takeSnapshot } from './workloads.ts';

export interface RolloutOptions {
  readonly timeoutSeconds: number;
  /** Told about each component once, when it has become ready. @default - says it on the terminal */
  readonly onReady?: (component: string, seconds: number) => void;
}

/**
 * Waits until every workload is rolled out. Fails as soon as a pod that it waits for is stuck for a
 * reason that waiting does not cure, with that reason.
 */
export async function waitForRollout(target: Target, options: RolloutOptions): Promise<void> {
  const start = performance.now();
  const { timeoutSeconds, onReady = sayReady } = options;
  const ready = new Set<string>();
  const problems = new ProblemWatch();
  let lastSaid = start;
  await retryUntil(
    `components of namespace ${target.namespace} ready`,
    async () => {
      const snapshot = await takeSnapshot(target);
      for (const { metadata } of snapshot.workloads.filter(isRolledOut)) {
        if (ready.has(metadata.name)) continue;
        ready.add(metadata.name);
        lastSaid = performance.now();
        onReady(metadata.name, secondsSince(start));
      }
      const stuck = problems.stuck({ pods: awaited(snapshot) }, performance.now());
      if (stuck !== undefined) throw new GiveUp(await explain(target, stuck));
      const waiting = waitingFor(snapshot);
      if (waiting === '') return;
      if (performance.now() - lastSaid > 20_000) {
        lastSaid = performance.now();
        say(`  still waiting: ${waiting}`);
      }
      throw new NotYet(waiting);
    },
    { timeoutSeconds },
  );
}

function sayReady(component: string, seconds: number): void {
  say(`  ${component.padEnd(16)} ready after ${seconds} s`);
}

/** The components that are not ready, each with what its pods are doing. */
export function waitingFor({ workloads, pods }: Snapshot): string {
  if (workloads.length === 0) return 'no workloads';
  return workloads
    .filter((workload) => !isRolledOut(workload))
    .map(({ metadata }) => {
      const states = pods.filter((pod) => componentOf(pod) === metadata.name).map(describePod);
      return `${metadata.name} (${states.join(', ') || 'no pod yet'})`;
    })
    .join(', ');
}

/** The pods of what is not rolled out: a load test, or a replica too many, keeps nobody waiting. */
export function awaited({ workloads, pods }: Snapshot): Pod[] {
  const names = workloads
    .filter((workload) => !isRolledOut(workload))
    .map(({ metadata }) => metadata.name);
  return pods.filter((pod) => names.includes(componentOf(pod)));
}

/** Remembers since when each pod has had its problem, until the pod is ready or gone. */
export class ProblemWatch {
  private readonly since = new Map<string, number>();

  /** The first problem that has lasted longer than is normal for its kind. */
  stuck({ pods }: Pick<Snapshot, 'pods'>, now: number): PodProblem | undefined {
    // A container that crashes runs for a moment between two crashes: that is no recovery.
    const unready = pods.filter((pod) => !isPodReady(pod)).map(({ metadata }) => metadata.uid);
    for (const key of this.since.keys()) {
      if (!unready.some((uid) => key.startsWith(uid))) this.since.delete(key);
    }
    return pods
      .map(podProblem)
      .filter((problem) => problem !== undefined)
      .find((problem) => {
        const key = keyOf(problem);
        const since = this.since.get(key) ?? now;
        this.since.set(key, since);
        return (now - since) / 1000 >= problem.patienceSeconds;
      });
  }
}

/** ErrImagePull and ImagePullBackOff are two faces of one problem. */
function keyOf({ pod, reason }: PodProblem): string {
  return `${pod.metadata.uid}/${/Image.*(Pull|BackOff)/.test(reason) ? 'image' : reason}`;
}

async function explain(target: Target, problem: PodProblem): Promise<string> {
  const { name, namespace = target.namespace } = problem.pod.metadata;
  const message = `pod ${name} cannot start: ${problem.reason}: ${problem.message}`;
  if (!problem.seeLogs) return message;
  const lines = await lastLogLines({ ...target, namespace }, name);
  return [message, `last lines of its log:`, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** Of the run that ended; the current one may not have said anything yet. */
async function lastLogLines(target: Target, pod: string): Promise<string[]> {
  for (const extra of [['--previous'], []]) {
    try {
      const output = await kubectl(target, ['logs', pod, '--tail=8', ...extra]);
      if (output.trim() !== '') return output.trimEnd().split('\n');
    } catch {
      // There may be no previous run, or the pod is gone: the reason alone must do.
    }
  }
  return ['(empty)'];
}
