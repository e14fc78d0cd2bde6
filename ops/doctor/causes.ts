import type { Component } from '../../lib/model/topology.ts';
import { cliOptions, type Target, typed } from '../cluster/kubectl.ts';
import { podProblem } from '../cluster/pod-problems.ts';
import { componentOf, describePod } from '../cluster/pods.ts';
import { passwordCommand } from '../cluster/secret.ts';
import { isReady, type Snapshot, type Workload } from '../cluster/workloads.ts';
import type { Finding } from './model/finding.ts';
import type { Viewpoint } from './model/reach.ts';

export interface Diagnosis {
  readonly cause: string;
  /** A command that repairs it, or tells more. */
  readonly next: string;
}

const unreachable =
  /ECONN|ETIMEDOUT|EHOSTUNREACH|UNAVAILABLE|DEADLINE_EXCEEDED|socket|timeout|cannot be reached|not so after/;

/** What runs where, or why that is not known. */
export interface Cluster {
  readonly target: Target;
  readonly snapshot: Snapshot | { readonly error: string };
  /** Where the doctor looked from. @default outside */
  readonly from?: Viewpoint;
}

/**
 * Why something failed, and what to do next: what Kubernetes knows of the suspects comes first,
 * then what the failure itself gives away.
 */
export function diagnose(finding: Finding, cluster: Cluster): Diagnosis {
  const { target, snapshot, from } = cluster;
  if ('error' in snapshot) {
    return { cause: snapshot.error, next: typed(target, ['get', '--raw', '/readyz']) };
  }
  for (const suspect of finding.suspects) {
    const found = away(suspect, snapshot, target);
    if (found !== undefined) return found;
  }
  return (
    fromAnswer(finding, target) ??
    (from === 'inside' ? betweenPods(finding, target) : undefined) ??
    general(finding, snapshot, target)
  );
}

function away(name: Component, { workloads, pods }: Snapshot, target: Target) {
  const workload = workloads.find(({ metadata }) => metadata.name === name);
  if (workload === undefined) {
    return {
      cause: `${name} is not deployed in namespace ${target.namespace}`,
      next: 'make deploy, or make kind-up for the local cluster',
    };
  }
  const { spec, kind } = workload;
  if (spec.replicas === 0) {
    return {
      cause: `${kind} ${name} is scaled to 0`,
      next: command(target, `scale ${resource(workload)} --replicas=1`),
    };
  }
  if (isReady(workload)) return undefined;
  const own = pods.filter((pod) => componentOf(pod) === name);
  const [problem] = own.map(podProblem).filter((each) => each !== undefined);
  const doing = own.map(describePod).join(', ') || 'it has no pod';
  return problem === undefined
    ? {
        cause: `${name} is not ready (${doing})`,
        next: command(target, `describe ${resource(workload)}`),
      }
    : {
        cause: `${name} is not ready: ${problem.reason}: ${problem.message}`,
        // What never ran has no log.
        next: command(
          target,
          problem.seeLogs
            ? `logs ${resource(workload)} --tail=50`
            : `describe ${resource(workload)}`,
        ),
      };
}

/** Answers whose words have one meaning. */
function fromAnswer({ seen, area, hop }: Finding, target: Target): Diagnosis | undefined {
  if (/answered 401/.test(seen)) {
    return {
      cause:
        "Grafana does not take the Secret's login: it keeps the password of its first start in its volume",
      next: `log in with the password you know; the Secret's: ${passwordCommand(target)}`,
    };
  }
  if (
    /RESOURCE_EXHAUSTED|UNAVAILABLE: data refused|answered (429|503)/.test(seen) &&
    isSending(hop)
  ) {
    return {
      cause: 'the collector refuses: its memory limit or its queue is reached',
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

/** What only pods meet: names, Services and NetworkPolicies. A port-forward passes by all of them. */
function betweenPods({ seen, suspects, cause }: Finding, target: Target): Diagnosis | undefined {
  if (/ENOTFOUND|EAI_AGAIN|Name resolution failed/.test(seen)) {
    return {
      cause:
        "the cluster's DNS has no answer: the Service is not there, DNS cannot be reached, or clusterDomain is not this cluster's",
      next: command(target, `get service ${suspects[0] ?? ''}`.trim()),
    };
  }
  if (!unreachable.test(seen)) return undefined;
  return {
    cause:
      cause ??
      'a NetworkPolicy or its Service is in the way: other pods of the cluster meet the same',
    next: diffCommand(target),
  };
}

function isSending(hop: string): boolean {
  return hop.startsWith('sender');
}

function general(finding: Finding, { workloads }: Snapshot, target: Target): Diagnosis {
  const [suspect] = finding.suspects;
  const workload = workloads.find(({ metadata }) => metadata.name === suspect);
  const fallback = unreachable.test(finding.seen)
    ? 'its pod runs but does not answer on this port: it is starting, stuck, or out of memory'
    : 'nothing that Kubernetes knows of: what was seen is all there is';
  // What runs and still cannot be reached is cut off: a policy or a Service differs from ours.
  if (/aborted due to timeout|DEADLINE_EXCEEDED/.test(finding.seen)) {
    return { cause: finding.cause ?? fallback, next: diffCommand(target) };
  }
  const next =
    workload === undefined
      ? './mantis status'
      : command(target, `logs ${resource(workload)} --tail=50`);
  return { cause: finding.cause ?? fallback, next };
}

function diffCommand(target: Target): string {
  return `./mantis diff ${cliOptions(target)}`;
}

function resource({ kind, metadata }: Workload): string {
  return `${kind.toLowerCase()}/${metadata.name}`;
}

function command(target: Target, words: string): string {
  return typed(target, words.split(' '));
}
