import { Size } from 'cdk8s';
import { z } from 'zod';
import { cpu, dnsLabel, retention, size } from './units.ts';

/** The settings that more than one component has. */

export const extraArgs = z
  .array(z.string())
  .default([])
  .describe('Arguments added behind our own, as the program takes them');

export const extraConfig = z
  .record(z.string(), z.unknown())
  .default({})
  .describe(
    "Raw configuration in the component's own keys, merged into ours: maps are merged, lists are appended, other values replace ours",
  );

interface ResourceDefaults {
  readonly cpu: string;
  readonly memory: string;
  readonly memoryLimit: string;
}

export function resources(defaults: ResourceDefaults) {
  return {
    cpu: cpu
      .default(defaults.cpu)
      .describe('CPU requested; there is no CPU limit, so idle cores can be used'),
    memory: size.prefault(defaults.memory).describe('Memory requested'),
    memoryLimit: size
      .prefault(defaults.memoryLimit)
      .describe('Memory at which the container is killed; Go programs are told to stay below'),
  };
}

/** Below this the collector's queue could not hold one batch, and Prometheus would keep no block. */
const smallestVolume = Size.mebibytes(16);

export const volume = (defaultSize: string, holds: string) =>
  size
    .check(({ value, issues }) => {
      if (value.toMebibytes() >= smallestVolume.toMebibytes()) return;
      const message = `at least ${smallestVolume.asString()}`;
      issues.push({ code: 'custom', input: value.asString(), message });
    })
    .prefault(defaultSize)
    .describe(`Size of the volume that holds ${holds}`);

/** The settings of one component; what it requests must fit below what it may use. */
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

export const retentionSetting = (defaultRetention: string, what: string) =>
  retention.prefault(defaultRetention).describe(`How long ${what} are kept`);

/** Namespaces by their names, or by labels that someone has put on them. */
export const namespaceSelection = z
  .strictObject({
    namespaces: z.array(dnsLabel).default([]),
    labels: z.record(z.string().min(1), z.string()).optional(),
  })
  .refine(
    ({ namespaces, labels }) => namespaces.length > 0 || Object.keys(labels ?? {}).length > 0,
    'all, or an object with namespaces (a list of names), labels, or both',
  );

/** A namespace that pods of others must not be in, because ours are cut off in it. */
export const dedicatedNamespace = dnsLabel.regex(
  /^(?!default$|kube-)/,
  'a namespace of its own: not default or kube-…, whose pods it would cut off',
);

/** The three figures that every component's container gets. */
export type Resources = z.output<z.ZodObject<ReturnType<typeof resources>>>;
