import { Size } from 'cdk8s';
import { z } from 'zod';
import { placementSettings } from './placement.ts';
import { cpu, destinations, dnsLabel, retention, size, text } from './units.ts';

/** Settings that several components have. */

export const extraArgs = z
  .array(z.string())
  .default([])
  .describe('Arguments that are appended to the command line of the program');

export const extraConfig = z
  .record(z.string(), z.unknown())
  .default({})
  .describe(
    "Configuration in the component's own format, merged into the generated one: maps are merged, lists are appended, other values replace the generated ones",
  );

/** A directory has the name of the object, and its volume one that must not exceed 63 characters. */
export const mountedName = text(
  /^[a-z0-9]([-a-z0-9.]{0,46}[a-z0-9])?$/,
  'a name of at most 48 lower-case letters, digits, - and .',
);

const mountedNames = z
  .array(mountedName)
  .check(({ value, issues }) => {
    const twice = value.find((name, index) => value.indexOf(name) < index);
    if (twice === undefined) return;
    issues.push({ code: 'custom', input: twice, message: 'each name once' });
  })
  .default([]);

/** Where the keys of mounted objects are files, by kind. */
export const mountDirectories = {
  secrets: '/etc/secrets',
  configMaps: '/etc/configmaps',
} as const;

/** The file of a key of a mounted Secret. */
export function secretFile(secret: string, key: string): string {
  return `${mountDirectories.secrets}/${secret}/${key}`;
}

/** Existing objects whose keys a component gets as files. */
export const mountSettings = {
  mountedSecrets: mountedNames.describe(
    `Names of existing Secrets whose keys are mounted as files: \`${mountDirectories.secrets}/<name>/<key>\``,
  ),
  mountedConfigMaps: mountedNames.describe(
    `Names of existing ConfigMaps, such as one with a CA certificate, whose keys are mounted as files: \`${mountDirectories.configMaps}/<name>/<key>\``,
  ),
};

/** The mounts of a component with a further Secret, if there is one. */
export function withSecret(
  mounts: {
    readonly mountedSecrets: readonly string[];
    readonly mountedConfigMaps: readonly string[];
  },
  ...secrets: readonly (string | undefined)[]
) {
  const added = secrets.filter((each) => each !== undefined);
  return { ...mounts, mountedSecrets: [...new Set([...mounts.mountedSecrets, ...added])] };
}

interface ResourceDefaults {
  readonly cpu: string;
  readonly memory: string;
  readonly memoryLimit: string;
}

export function resources(defaults: ResourceDefaults) {
  return {
    cpu: cpu.default(defaults.cpu).describe('CPU request; there is no CPU limit'),
    memory: size.prefault(defaults.memory).describe('Memory request'),
    memoryLimit: size
      .prefault(defaults.memoryLimit)
      .describe('Memory limit; GOMEMLIMIT of Go programs is 80 % of it'),
  };
}

/** On a smaller volume the collector's queue could not hold a batch, and Prometheus no block. */
const smallestVolume = Size.mebibytes(16);

export const volumeSize = (defaultSize: string, holds: string) =>
  size
    .check(({ value, issues }) => {
      if (value.toMebibytes() >= smallestVolume.toMebibytes()) return;
      const message = `at least ${smallestVolume.asString()}`;
      issues.push({ code: 'custom', input: value.asString(), message });
    })
    .prefault(defaultSize)
    .describe(`Size of the volume that holds ${holds}`);

/** The settings of one component; refuses a memory request above the memory limit. */
export function componentSettings<Shape extends ReturnType<typeof resources>>(shape: Shape) {
  return z.strictObject(shape).check(({ value, issues }) => {
    const { memory, memoryLimit } = value as Pick<Resources, 'memory' | 'memoryLimit'>;
    if (memory.toMebibytes() <= memoryLimit.toMebibytes()) return;
    issues.push({
      code: 'custom',
      input: memory.asString(),
      path: ['memory'],
      message: `at most memoryLimit, which is ${memoryLimit.asString()}`,
    });
  });
}

interface StoreDefaults {
  readonly signal: 'logs' | 'metrics' | 'traces';
  readonly retention: string;
  /** What the volume holds, for its description. */
  readonly volumeHolds: string;
  readonly memory: string;
}

/** The settings of Prometheus, Loki and Tempo; `own` are those that only one of them has. */
export const storeSettings = <Own extends z.ZodRawShape>(defaults: StoreDefaults, own: Own) =>
  componentSettings({
    retention: retention.prefault(defaults.retention).describe(`Retention of ${defaults.signal}`),
    storage: volumeSize('10Gi', defaults.volumeHolds),
    ...resources({ cpu: '100m', memory: defaults.memory, memoryLimit: '1Gi' }),
    ...own,
    egress: destinations.describe(
      'Destinations outside the stack that it may connect to, such as those in extraConfig',
    ),
    ...mountSettings,
    ...placementSettings,
    extraArgs,
    extraConfig,
  });

/** A dedicated namespace: its default-deny NetworkPolicy would block the pods of others. */
export const dedicatedNamespace = dnsLabel.regex(
  /^(?!default$|kube-)/,
  'a dedicated namespace: not default or kube-…, whose pods its NetworkPolicies would block',
);

/** Resource requests and limits of a container. */
export type Resources = z.output<z.ZodObject<ReturnType<typeof resources>>>;
