import { settingsSection } from '../../cluster/pod-problems.ts';
import { type Exclusion, exclusionOf, type NodeConstraints } from './node-admission.ts';
import { failed, type Requirement } from './requirement.ts';
import type { Node } from './versions.ts';

/** What can be changed, from the reason that needs the least to the one that needs the most. */
const remedies: readonly (readonly [
  Exclusion['by'],
  (setting: (key: string) => string) => string,
])[] = [
  ['taint', (setting) => `set ${setting('tolerations')}`],
  ['cordon', () => 'make a node schedulable again with kubectl uncordon'],
  ['notReady', () => 'kubectl describe node says why a node is not ready'],
  ['nodeSelector', (setting) => `label a node, or correct ${setting('nodeSelector')}`],
];

/** The failed requirement for pods that no node admits: it names the reason and the setting. */
export function refusedByNodes(
  [first, ...more]: readonly { readonly name: string; readonly constraints: NodeConstraints }[],
  nodes: readonly Node[],
): Requirement {
  if (first === undefined) throw new Error('no pod is refused');
  const found = nodes.flatMap((node) => {
    const exclusion = exclusionOf(first.constraints, node);
    return exclusion === undefined ? [] : [{ node, exclusion }];
  });
  const [by, remedy] =
    remedies.find(([each]) => found.some(({ exclusion }) => exclusion.by === each)) ?? [];
  const relevant = found.filter(({ exclusion }) => exclusion.by === by);
  const reasons = [...new Set(relevant.map(({ exclusion }) => exclusion.what))].map((what) => {
    const own = relevant.filter(({ exclusion }) => exclusion.what === what);
    return `${what} (${namesOf(own.map(({ node }) => node))})`;
  });
  const names = [first, ...more].map(({ name }) => name);
  const setting = (key: string) =>
    `${key} (all pods) or ${settingsSection(first.name)}.${key} in mantis.yaml`;
  const { taints = [] } = relevant[0]?.exclusion ?? {};
  const value = taints.length === 0 ? '' : ` to [${taints.map(tolerationOf).join(', ')}]`;
  return failed(
    'nodes',
    `no node admits the pods of ${names.join(', ')}: ${reasons.join('; ')}`,
    `${remedy?.(setting) ?? 'add a node'}${value} (docs/deployment.md, Nodes)`,
  );
}

function tolerationOf({ key, value, effect }: NonNullable<Exclusion['taints']>[number]): string {
  const match =
    value === '' ? 'operator: Exists' : `operator: Equal, value: ${JSON.stringify(value)}`;
  return `{ key: ${key}, ${match}, effect: ${effect} }`;
}

/** At most three names: a cluster may have hundreds of nodes. */
export function namesOf(nodes: readonly Node[]): string {
  const names = nodes.map(({ metadata }) => metadata.name);
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `node${names.length === 1 ? '' : 's'} ${names.slice(0, 3).join(', ')}${more}`;
}
