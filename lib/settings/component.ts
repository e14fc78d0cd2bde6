import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { z } from 'zod';
import { asWritten } from './as-written.ts';
import { SettingsError } from './error.ts';
import { mistakesOf } from './issue.ts';
import { type Platform, platformSettings } from './platform.ts';
import type { PodOptions } from './pod-options.ts';

/** Options of every component that stands alone. */
export interface ComponentOptions extends PodOptions {
  /** DNS domain of the cluster, for the addresses that others are given. @default 'cluster.local' */
  readonly clusterDomain?: string;
}

const { namespace: _, ...podSettings } = platformSettings;
const podSchema = z.object(podSettings);

/**
 * The settings of a component from its props, which are checked as mantis.yaml is.
 *
 * @param others keys of props that are no settings, although the schema has settings of that name
 * @throws SettingsError with a line for each wrong prop
 */
export function settingsFromProps<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  construct: IConstruct,
  props: object,
  others: readonly string[] = [],
): z.output<z.ZodObject<Shape>> {
  const given = Object.entries(props).filter(
    ([key]) => key in schema.shape && !others.includes(key),
  );
  const result = schema.safeParse(asWritten(Object.fromEntries(given)), { reportInput: true });
  if (result.success) return result.data as z.output<z.ZodObject<Shape>>;
  const lines = mistakesOf(result.error.issues);
  throw new SettingsError(lines.map((line) => `${construct.node.path}: ${line}`).join('\n'));
}

/** What the pods of a component have in common with others: its options, in the namespace of its chart. */
export function platformOf(construct: IConstruct, options: ComponentOptions): Platform {
  return {
    ...settingsFromProps(podSchema, construct, options),
    namespace: Chart.of(construct).namespace ?? '',
  };
}
