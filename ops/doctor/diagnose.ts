import { cliOptions, kubectlHint, type Target } from '../cluster/kubectl.ts';
import { podProblem } from '../cluster/pod-problems.ts';
import { componentOf, describePod, isStuck } from '../cluster/pods.ts';
import { passwordCommand } from '../cluster/secret.ts';
import { isReady, type LiveWorkload, type Snapshot } from '../cluster/workloads.ts';
import type { Viewpoint } from './model/access.ts';
import type { Finding } from './model/finding.ts';

export interface Diagnosis {
  readonly cause: string;
  /** A command that repairs it, or shows more. */
  readonly next: string;
}

const unreachable =
  /ECONN|ETIMEDOUT|EHOSTUNREACH|UNAVAILABLE|DEADLINE_EXCEEDED|socket|timeout|cannot be reached|timed out after/;

/** The workloads and pods of the cluster, or why they cannot be read. */
export interface ClusterState {
  readonly target: Target;
  readonly snapshot: Snapshot | { readonly error: string };
  /** Where the doctor ran. @default outside */
  readonly from?: Viewpoint;
}

/** The cause of a failed check: first from the state of the suspects, then from the error message. */
export function diagnose(finding: Finding, cluster: ClusterState): Diagnosis {
  const { target, snapshot, from } = cluster;
  if ('error' in snapshot) {
    return {
      cause: snapshot.error,
      next: kubectlHint(target, ['get', '--raw', '/readyz']),
    };
  }
  for (const suspect of finding.suspects) {
    const found = workloadCause(suspect, snapshot, target);
    if (found !== undefined) return found;
  }
  return (
    (finding.certain ? undefined : responseCause(finding, target)) ??
    (from === 'inside' ? podNetworkCause(finding, target) : undefined) ??
    fallbackCause(finding, snapshot, target)
  );
}

/** Why a workload is not ready, and the command that repairs it or shows more; undefined if it is ready. */
export function workloadCause(
  name: string,
  { workloads, pods }: Snapshot,
  target: Target,
): Diagnosis | undefined {
  const workload = workloads.find(({ metadata }) => metadata.name === name);
  if (workload === undefined) {
    return {
      cause: `${name} is not deployed in namespace ${target.namespace}`,
      next: `./mantis deploy ${cliOptions(target)}, or ./mantis kind-up for the local cluster`,
    };
  }
  const { spec, kind, metadata } = workload;
  const where = { ...target, namespace: metadata.namespace ?? target.namespace };
  if (spec.replicas === 0) {
    return {
      cause: `${kind} ${name} is scaled to 0`,
      next: command(where, `scale ${resource(workload)} --replicas=1`),
    };
  }
  if (isReady(workload)) return undefined;
  const own = pods.filter((pod) => componentOf(pod) === name);
  const stuck = own.find((pod) => isStuck(pod));
  if (stuck !== undefined) {
    const { nodeName = 'unknown' } = stuck.spec;
    return {
      cause: `pod ${stuck.metadata.name} does not end: its node ${nodeName} does not answer. Bring the node back; only if it is off for good, delete it (docs/deployment.md, Volumes)`,
      next: kubectlHint(where, ['get', 'node', nodeName]),
    };
  }
  const [problem] = own.map(podProblem).filter((each) => each !== undefined);
  const doing = own.map(describePod).join(', ') || 'it has no pod';
  return {
    cause: `${name} is not ready${problem === undefined ? ` (${doing})` : `: ${problem.reason}: ${problem.message}`}`,
    // A container that never ran has no log.
    next: command(
      where,
      problem?.includeLogs
        ? `logs ${resource(workload)} --tail=50`
        : `describe ${resource(workload)}`,
    ),
  };
}

function responseCause({ seen, area, hop }: Finding, target: Target): Diagnosis | undefined {
  if (/answered 401/.test(seen)) {
    return {
      cause:
        'Grafana does not accept the login in the Secret: its database keeps the password of its first start',
      next: `log in with the password you know; the Secret's: ${passwordCommand(target)}`,
    };
  }
  if (
    /RESOURCE_EXHAUSTED|UNAVAILABLE: data refused|answered (429|503)/.test(seen) &&
    isSending(hop)
  ) {
    return {
      cause: 'the collector refuses data: its memory limit or its queue limit is reached',
      next: 'raise collector.memoryLimit or collector.storage; docs/runbooks/CollectorRefusing.md',
    };
  }
  if (area === 'grafana' && /answered 404/.test(seen)) {
    return {
      cause: 'Grafana has no such datasource: its provisioning failed or was changed',
      next: command(target, 'logs statefulset/grafana --tail=50'),
    };
  }
  return undefined;
}

/** DNS, Services and NetworkPolicies, all of which a port-forward bypasses. */
function podNetworkCause(
  { seen, suspects, cause }: Finding,
  target: Target,
): Diagnosis | undefined {
  if (/ENOTFOUND|EAI_AGAIN|Name resolution failed/.test(seen)) {
    return {
      cause:
        "the cluster's DNS has no answer: the Service is not there, DNS cannot be reached (the setting dns), or clusterDomain is not this cluster's",
      next: command(target, `get service ${suspects[0] ?? ''}`.trim()),
    };
  }
  if (!unreachable.test(seen)) return undefined;
  return {
    cause:
      cause ??
      'a NetworkPolicy or its Service blocks the connection, for other pods of the cluster too',
    next: diffCommand(target),
  };
}

function isSending(hop: string): boolean {
  return hop.startsWith('sender');
}

function fallbackCause(finding: Finding, { workloads }: Snapshot, target: Target): Diagnosis {
  const [suspect] = finding.suspects;
  const workload = workloads.find(({ metadata }) => metadata.name === suspect);
  const fallback = unreachable.test(finding.seen)
    ? 'its pod runs but does not answer on this port: it is starting, stuck, or out of memory'
    : 'Kubernetes reports no problem; the message above is all that is known';
  // A pod that is ready and times out is blocked: a policy or a Service differs from what Mantis deploys.
  if (/aborted due to timeout|DEADLINE_EXCEEDED/.test(finding.seen)) {
    return { cause: finding.cause ?? fallback, next: diffCommand(target) };
  }
  const next =
    workload === undefined
      ? `./mantis status ${cliOptions(target)}`
      : command(target, `logs ${resource(workload)} --tail=50`);
  return { cause: finding.cause ?? fallback, next };
}

function diffCommand(target: Target): string {
  return `./mantis diff ${cliOptions(target)}`;
}

function resource({ kind, metadata }: LiveWorkload): string {
  return `${kind.toLowerCase()}/${metadata.name}`;
}

function command(target: Target, words: string): string {
  return kubectlHint(target, words.split(' '));
}
