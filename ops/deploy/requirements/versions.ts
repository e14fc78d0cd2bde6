import { z } from 'zod';
import { kubernetesVersions, oldestKubernetesVersion } from '../../../lib/model/version.ts';
import { isAtLeast, parseVersion } from '../../process/tools.ts';
import { failed, ok, type Requirement, warning } from './requirement.ts';

const version = z.object({ gitVersion: z.string() });

export const versionsSchema = z.object({ clientVersion: version, serverVersion: version });

export const nodeSchema = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({
    unschedulable: z.boolean().default(false),
    taints: z
      .array(z.object({ key: z.string(), value: z.string().default(''), effect: z.string() }))
      .default([]),
  }),
  status: z.object({
    nodeInfo: z.object({ kubeletVersion: z.string() }),
    allocatable: z.object({ cpu: z.string(), memory: z.string() }),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
  }),
});

export type Node = z.output<typeof nodeSchema>;

export function checkVersions(
  { clientVersion, serverVersion }: z.output<typeof versionsSchema>,
  nodes: readonly Node[],
): Requirement[] {
  const server = minorOf(serverVersion.gitVersion);
  const client = minorOf(clientVersion.gitVersion);
  const oldestNode = nodes
    .map(({ status }) => minorOf(status.nodeInfo.kubeletVersion))
    .sort(byVersion)[0];
  return [
    checkVersion('Kubernetes', server),
    ...(oldestNode === undefined || oldestNode === server
      ? []
      : [checkVersion('oldest node', oldestNode)]),
    Math.abs(minorNumber(client) - minorNumber(server)) <= 1
      ? ok('kubectl', `${client}, for Kubernetes ${server}`)
      : warning(
          'kubectl',
          `${client} is more than one minor from Kubernetes ${server}`,
          `install kubectl ${server} if a command fails`,
        ),
  ];
}

function checkVersion(name: string, version: string): Requirement {
  const [from, to] = kubernetesVersions;
  if (!isAtLeast(version, oldestKubernetesVersion)) {
    const todo = `a cluster of ${oldestKubernetesVersion} or newer is needed: older ones lack APIs that Mantis uses`;
    return failed(name, `${version} is too old`, todo);
  }
  const tested = isAtLeast(version, from) && isAtLeast(to, version);
  return tested
    ? ok(name, version)
    : warning(name, version, `the manifests are tested with ${from} to ${to}`);
}

/** `1.34` of `v1.34.0-eks-123`. */
function minorOf(version: string): string {
  return (parseVersion(version) ?? '0.0').split('.').slice(0, 2).join('.');
}

function minorNumber(minor: string): number {
  return Number(minor.split('.')[1]);
}

function byVersion(a: string, b: string): number {
  return minorNumber(a) - minorNumber(b);
}
