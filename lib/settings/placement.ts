import { z } from 'zod';
import { reservedPrefixes } from '../model/labels.ts';
import {
  affinity,
  labelValue,
  qualifiedName,
  toleration,
  topologySpreadConstraint,
} from './scheduling.ts';
import { dnsNamePattern, text } from './units.ts';

/** Which nodes pods run on, and what their metadata has beside Mantis' own. */

const own = `a key without the prefix ${reservedPrefixes.join(' or ')}: Mantis sets those itself`;

/** Labels or annotations by key, without the prefixes that are reserved. */
function metadata(value: z.ZodString, reserved: readonly string[]) {
  return z.record(z.string(), value).check(({ value: entries, issues }) => {
    for (const [key, input] of Object.entries(entries)) {
      const message = reserved.some((prefix) => key.startsWith(prefix))
        ? own
        : qualifiedName.safeParse(key).error?.issues[0]?.message;
      if (message !== undefined) issues.push({ code: 'custom', input, path: [key], message });
    }
  });
}

/** The settings of pods that are not on every node. */
export const placementSettings = {
  nodeSelector: metadata(labelValue, [])
    .optional()
    .describe('Labels of the nodes on which pods run; those of a component are merged over these'),
  tolerations: z
    .array(toleration)
    .optional()
    .describe('Taints of nodes that pods tolerate; the list of a component replaces this one'),
  affinity: affinity
    .optional()
    .describe('Affinity of pods to nodes and other pods; that of a component replaces this one'),
  topologySpreadConstraints: z
    .array(topologySpreadConstraint)
    .optional()
    .describe('Spread of pods over nodes or zones; the list of a component replaces this one'),
  priorityClassName: text(dnsNamePattern, 'the name of a PriorityClass, such as monitoring')
    .optional()
    .describe('Name of an existing PriorityClass of pods; that of a component replaces this one'),
  podLabels: metadata(labelValue, reservedPrefixes)
    .optional()
    .describe('Additional labels of pods; those of a component are merged over these'),
  podAnnotations: metadata(z.string('a text in quotes'), reservedPrefixes)
    .optional()
    .describe('Additional annotations of pods; those of a component are merged over these'),
};

/** A pod of every node tolerates all taints and has nothing to spread over. */
const { tolerations: _, topologySpreadConstraints: __, ...everyNode } = placementSettings;
export const everyNodePlacementSettings = everyNode;

/** Whether a setting of one component has the name and meaning of one of all pods. */
export function isPlacementOfComponent(path: string): boolean {
  const [name = '', ...section] = path.split('.').reverse();
  return section.length > 0 && name in placementSettings;
}

export type Placement = z.output<z.ZodObject<typeof placementSettings>>;

/**
 * The settings of all pods with those of one component over them: maps (nodeSelector, labels,
 * annotations) are merged, everything else replaces.
 */
export function withPlacement<All extends Placement>(all: All, component: Placement): All {
  return {
    ...all,
    nodeSelector: merge(all.nodeSelector, component.nodeSelector),
    tolerations: component.tolerations ?? all.tolerations,
    affinity: component.affinity ?? all.affinity,
    topologySpreadConstraints: component.topologySpreadConstraints ?? all.topologySpreadConstraints,
    priorityClassName: component.priorityClassName ?? all.priorityClassName,
    podLabels: merge(all.podLabels, component.podLabels),
    podAnnotations: merge(all.podAnnotations, component.podAnnotations),
  };
}

/** Of the settings of all pods, those that would keep a DaemonSet off some nodes do not apply to it. */
export function withEveryNodePlacement<All extends Placement>(all: All, component: Placement): All {
  return withPlacement(
    { ...all, nodeSelector: undefined, affinity: undefined, topologySpreadConstraints: undefined },
    component,
  );
}

/** For the single pod of a Job, which has nothing to spread over. */
export function withoutSpread<All extends Placement>(all: All): All {
  return { ...all, topologySpreadConstraints: undefined };
}

type Entries = Readonly<Record<string, string>>;

function merge(all: Entries | undefined, component: Entries | undefined) {
  return all === undefined && component === undefined ? undefined : { ...all, ...component };
}
