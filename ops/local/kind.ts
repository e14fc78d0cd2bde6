import { readFileSync } from 'node:fs';
import type { Settings } from '../../lib/schema.ts';
import { run } from '../process/run.ts';
import { runEngine } from './engine.ts';
import { type PortMapping, portMappings } from './host-ports.ts';
import { kindConfig } from './kind-config.ts';
import { shippedFile } from './shipped-file.ts';

export const kindConfigFile = 'kind-config.yaml';

export function kindContext(clusterName: string): string {
  return `kind-${clusterName}`;
}

export async function clusterExists(clusterName: string): Promise<boolean> {
  return lines(await run('kind', ['get', 'clusters'])).includes(clusterName);
}

export async function createCluster(settings: Settings): Promise<void> {
  const { clusterName } = settings.kind;
  const template = readFileSync(shippedFile(kindConfigFile), 'utf8');
  const config = kindConfig(template, clusterName, portMappings(settings));
  const args = ['create', 'cluster', '--name', clusterName, '--config', '-'];
  await run('kind', args, { input: config });
}

export async function deleteCluster(clusterName: string): Promise<void> {
  await run('kind', ['delete', 'cluster', '--name', clusterName]);
}

export async function nodeNames(clusterName: string): Promise<string[]> {
  return lines(await run('kind', ['get', 'nodes', '--name', clusterName])).sort();
}

/** Starts nodes that are stopped, as after a restart of Docker or of the machine. */
export async function startNodes(nodes: readonly string[]): Promise<void> {
  const running = lines(
    await runEngine(['inspect', '--format', '{{.State.Running}} {{.Name}}', ...nodes]),
  );
  const stopped = running
    .filter((line) => line.startsWith('false '))
    .map((line) => line.replace(/^false \/?/, ''));
  if (stopped.length > 0) await runEngine(['start', ...stopped]);
}

/** Adds the context of the cluster to the kubeconfig if it is missing. */
export async function ensureContext(clusterName: string): Promise<void> {
  const contexts = lines(await run('kubectl', ['config', 'get-contexts', '--output=name']));
  if (contexts.includes(kindContext(clusterName))) return;
  await run('kind', ['export', 'kubeconfig', '--name', clusterName]);
}

/** The port mappings of the running nodes, which cannot change after the cluster is created. */
export async function actualMappings(nodes: readonly string[]): Promise<Map<number, number>> {
  const outputs = await Promise.all(nodes.map((node) => runEngine(['port', node])));
  return new Map(outputs.flatMap(parsePorts));
}

/** Parses `30300/tcp -> 127.0.0.1:3000` to the pair of node port and host port. */
export function parsePorts(output: string): [number, number][] {
  return lines(output).flatMap((line) => {
    const [, nodePort, hostPort] = /^(\d+)\/tcp -> .*:(\d+)$/.exec(line) ?? [];
    return nodePort === undefined ? [] : [[Number(nodePort), Number(hostPort)]];
  });
}

export function missingMappings(
  wanted: readonly PortMapping[],
  actual: ReadonlyMap<number, number>,
): PortMapping[] {
  return wanted.filter(({ nodePort, hostPort }) => actual.get(nodePort) !== hostPort);
}

function lines(output: string): string[] {
  return output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
