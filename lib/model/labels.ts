/** The common labels of https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/. */
export const partOf = 'mantis';

const key = (name: string) => `app.kubernetes.io/${name}`;

export const labelKeys = {
  name: key('name'),
  instance: key('instance'),
  version: key('version'),
  component: key('component'),
  partOf: key('part-of'),
  managedBy: key('managed-by'),
} as const;

/** Annotations of our own. */
export const annotationKeys = {
  /** The file in this repository that an object comes from. */
  source: 'mantis.dev/source',
  /** Changes with the content of a pod's ConfigMaps, so that a new configuration rolls the pod. */
  configHash: 'mantis.dev/config-hash',
  /** On a pod of anybody: `otlp` says that its logs come by OTLP, so what it prints is not read. */
  logs: 'mantis.dev/logs',
} as const;

/** On a namespace beside the stack's: the namespace of the stack that it belongs to. */
export const belongsToLabel = 'mantis.dev/belongs-to';

/** On every object that Mantis makes; `apply` removes objects that carry it and are gone from the output. */
export const commonLabels = {
  [labelKeys.partOf]: partOf,
  [labelKeys.managedBy]: 'cdk8s',
} as const;

/** On pods that send requests to the test app, whatever their name. */
export const loadGeneratorLabels = { [labelKeys.component]: 'load-generator' };

/** On the pod that looks at the stack from within. */
export const doctorLabels = { [labelKeys.component]: 'doctor' };

/** What selectors match. Never holds a version: selectors are immutable. */
export function selectorLabels(name: string): Record<string, string> {
  return { [labelKeys.name]: name, [labelKeys.instance]: partOf };
}
