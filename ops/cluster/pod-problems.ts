import { isView, testAppComponents } from '../../lib/model/topology.ts';
import { componentOf, type Pod } from './pods.ts';

/** Something that keeps a pod from becoming ready and will not go away by waiting. */
export interface PodProblem {
  readonly pod: Pod;
  readonly reason: string;
  readonly message: string;
  /** How long it may last: some of these come and go while a cluster settles. */
  readonly patienceSeconds: number;
  /** Whether the container's last log lines tell more. */
  readonly seeLogs: boolean;
}

const patience: Readonly<Record<string, number>> = {
  InvalidImageName: 0,
  ErrImageNeverPull: 0,
  CreateContainerConfigError: 10,
  CreateContainerError: 15,
  RunContainerError: 15,
  // A pod of an older configuration may still be crashing when the new one is applied.
  CrashLoopBackOff: 20,
  // The first attempts may fail for reasons of the network alone.
  ImagePullBackOff: 40,
  ErrImagePull: 40,
  // Volumes are made after the pod that wants them.
  Unschedulable: 40,
};

/** What is wrong with a pod, if it is something that waiting does not cure. */
export function podProblem(pod: Pod): PodProblem | undefined {
  if (pod.metadata.deletionTimestamp !== undefined) return undefined;
  const { reason, text } = unschedulable(pod) ?? waiting(pod) ?? {};
  if (reason === undefined) return undefined;
  const patienceSeconds = patience[reason];
  if (patienceSeconds === undefined) return undefined;
  const advice = adviceFor(reason, pod, text ?? '');
  return {
    pod,
    reason,
    message: [text, advice].filter((part) => part).join('\n  '),
    patienceSeconds,
    seeLogs: reason === 'CrashLoopBackOff',
  };
}

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
    return 'the cluster can neither find the image on its node nor pull it: see ./mantis images';
  }
  const secret = /secret "([^"]+)" not found/.exec(text)?.[1];
  if (reason === 'CreateContainerConfigError' && secret !== undefined) {
    return `create Secret ${secret}, which a setting names`;
  }
  if (reason === 'Unschedulable') return unschedulableAdvice(pod, text);
  const killed = pod.status.containerStatuses.some(
    ({ lastState }) => lastState.terminated?.reason === 'OOMKilled',
  );
  return killed
    ? `it was killed for using too much memory: raise ${settingOf(pod)}.memoryLimit`
    : undefined;
}

function unschedulableAdvice(pod: Pod, text: string): string | undefined {
  const setting = settingOf(pod);
  const resource = /Insufficient (cpu|memory)/.exec(text)?.[1];
  if (resource !== undefined) {
    return `give Docker more ${resource} or lower ${setting}.${resource}`;
  }
  return /persistentvolumeclaim|storage/i.test(text)
    ? 'name a StorageClass of this cluster in storageClass'
    : undefined;
}

/** The section of mantis.yaml that a pod's resources come from. */
function settingOf(pod: Pod): string {
  const component = componentOf(pod);
  if (testAppComponents.some((each) => each === component)) return 'testApp';
  if (isView(component))
    return `clusterView.${component.replace(/-(\w)/g, (_, c) => c.toUpperCase())}`;
  return component === 'otel-collector' ? 'collector' : component;
}
