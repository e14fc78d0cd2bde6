import { partOfService } from '../../lib/model/ports.ts';
import { componentOf, type Pod } from './pods.ts';

/** How long each is tolerated, in seconds, as some of these states are transient while pods start. */
const gracePeriods: Readonly<Record<string, number>> = {
  InvalidImageName: 0,
  ErrImageNeverPull: 0,
  CreateContainerConfigError: 10,
  CreateContainerError: 15,
  RunContainerError: 15,
  // A pod of the previous revision may still be crashing when the new one is applied.
  CrashLoopBackOff: 20,
  // The first pulls may fail because of the network.
  ImagePullBackOff: 40,
  ErrImagePull: 40,
  // Volumes are provisioned after the pod is created.
  Unschedulable: 40,
};

/** The state that keeps a pod from becoming ready and that waiting does not resolve, if it has one. */
export function podProblem(pod: Pod) {
  if (pod.metadata.deletionTimestamp !== undefined) return undefined;
  const { reason, text } = unschedulable(pod) ?? waiting(pod) ?? {};
  if (reason === undefined) return undefined;
  const gracePeriodSeconds = gracePeriods[reason];
  if (gracePeriodSeconds === undefined) return undefined;
  const advice = adviceFor(reason, pod, text ?? '');
  return {
    pod,
    reason,
    message: [text, advice].filter((part) => part).join('\n  '),
    gracePeriodSeconds,
    /** Whether the last log lines of the container explain more. */
    includeLogs: reason === 'CrashLoopBackOff',
  };
}

export type PodProblem = NonNullable<ReturnType<typeof podProblem>>;

function unschedulable({ status }: Pod) {
  const condition = status.conditions.find(
    ({ type, status: value, reason }) =>
      type === 'PodScheduled' && value === 'False' && reason === 'Unschedulable',
  );
  return condition && { reason: 'Unschedulable', text: condition.message };
}

function waiting({ status }: Pod) {
  const found = status.containerStatuses.find(({ state }) => state.waiting)?.state.waiting;
  return found && { reason: found.reason, text: found.message };
}

function adviceFor(reason: string, pod: Pod, text: string): string | undefined {
  if (reason.includes('Image')) {
    return 'the image is not on the node and cannot be pulled: see ./mantis images';
  }
  const secret = /secret "([^"]+)" not found/.exec(text)?.[1];
  if (reason === 'CreateContainerConfigError' && secret !== undefined) {
    return `create Secret ${secret}, which a setting refers to`;
  }
  if (reason === 'Unschedulable') return unschedulableAdvice(pod, text);
  const crash = crashAdvice(pod);
  if (crash !== undefined) return crash;
  const killed = pod.status.containerStatuses.some(
    ({ lastState }) => lastState.terminated?.reason === 'OOMKilled',
  );
  return killed
    ? `it was OOMKilled: raise ${settingsSection(componentOf(pod))}.memoryLimit`
    : undefined;
}

/** What the last words of a container say about its volume. */
function crashAdvice(pod: Pod): string | undefined {
  const words = pod.status.containerStatuses
    .map(({ lastState }) => lastState.terminated?.message ?? '')
    .join('\n');
  const setting = settingsSection(componentOf(pod));
  const [denied] = /^.*(permission denied|EACCES|read-only file system).*$/im.exec(words) ?? [];
  if (denied !== undefined) {
    return `it may not write to its volume (${shortened(denied)}): give the directory of the volume to the user of the pod (docs/deployment.md, Volumes)`;
  }
  if (/no space left on device|ENOSPC/i.test(words)) {
    return `its volume is full: raise ${setting}.storage, or free space (docs/deployment.md, Volumes)`;
  }
  return undefined;
}

const shortened = (line: string) => (line.length > 200 ? `…${line.slice(-200)}` : line).trim();

function unschedulableAdvice(pod: Pod, text: string): string | undefined {
  const setting = settingsSection(componentOf(pod));
  const resource = /Insufficient (cpu|memory)/.exec(text)?.[1];
  if (resource !== undefined) {
    return `give Docker more ${resource} or lower ${setting}.${resource}`;
  }
  // The scheduler names each reason that some node has; the first that settings can change.
  const remedies: readonly (readonly [RegExp, string])[] = [
    [
      /node\.kubernetes\.io\/(unreachable|not-ready)/,
      'a node does not answer: bring it back, or see docs/deployment.md, Volumes',
    ],
    [/persistentvolumeclaim|storage/i, 'set storageClass to a StorageClass of this cluster'],
    [
      /volume node affinity/,
      `its volume is on a node that settings exclude: correct nodeSelector, tolerations and affinity, or those of ${setting}`,
    ],
    [/untolerated taint/, `tolerate it: set tolerations or ${setting}.tolerations`],
    [/node affinity\/selector/, `correct nodeSelector and affinity, or those of ${setting}`],
    [/topology spread/, `correct topologySpreadConstraints, or those of ${setting}`],
  ];
  return remedies.find(([pattern]) => pattern.test(text))?.[1];
}

export function settingsSection(component: string): string {
  const part = partOfService(component);
  if (part === 'testApp') return part;
  if (part === 'clusterView')
    return `${part}.${component.replace(/-(\w)/g, (_, c) => c.toUpperCase())}`;
  return component === 'otel-collector' ? 'collector' : component;
}
