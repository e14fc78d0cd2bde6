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

/** Prefixes of the labels and annotations that Mantis sets, and that settings must not. */
export const reservedPrefixes = [key(''), 'mantis.dev/'];

/** Annotations that Mantis defines. */
export const annotationKeys = {
  /** The file in this repository that an object comes from. */
  source: 'mantis.dev/source',
  /** Hash of the content of a pod's ConfigMaps, so that a changed configuration rolls the pod. */
  configHash: 'mantis.dev/config-hash',
  /**
   * On any pod: `otlp` means that it sends its logs by OTLP, so its container logs are not
   * collected.
   */
  logs: 'mantis.dev/logs',
} as const;

/**
 * On pods that forward telemetry of others, such as agents, with the value `true`: telemetry from
 * their address is not theirs. Not the annotation of the processor k8s_attributes,
 * `opentelemetry.io/k8s-processor/ignore`, which Kubernetes rejects for its second slash.
 */
export const forwarderLabel = 'mantis.dev/forwards-telemetry';

/** On an additional namespace of a stack: the name of the stack's own namespace. */
export const belongsToLabel = 'mantis.dev/belongs-to';

/**
 * On every object of the output; `apply` prunes objects with these labels that the output no longer
 * has.
 */
export const commonLabels = {
  [labelKeys.partOf]: partOf,
  [labelKeys.managedBy]: 'cdk8s',
} as const;

/** On every pod that sends requests to the test app. */
export const loadGeneratorLabels = { [labelKeys.component]: 'load-generator' };

/** On the pod of `make doctor INSIDE=1`. */
export const doctorLabels = { [labelKeys.component]: 'doctor' };

/** On the pods of scheduled backups. */
export const backupLabels = { [labelKeys.component]: 'backup' };

/** The labels that selectors match. They hold no version, because selectors are immutable. */
export function selectorLabels(name: string): Record<string, string> {
  return { [labelKeys.name]: name, [labelKeys.instance]: partOf };
}
