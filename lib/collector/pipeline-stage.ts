import type { ConfigObject } from '../model/config-file.ts';
import type { Signal } from '../telemetry/signal.ts';

/**
 * The prefix of each signal's list in a processor, in the order in which the configuration has
 * them.
 */
const ottlPrefixes = {
  traces: 'trace',
  logs: 'log',
  metrics: 'metric',
} as const satisfies Record<Signal, string>;

/** Processors that a setting adds to the collector's pipelines. */
export interface PipelineStage {
  /** The source file that adds it. @default - it adds nothing */
  readonly source?: string;
  readonly processors: ConfigObject;
  /** The names of the processors of each pipeline, in order. */
  readonly pipelines: Readonly<Partial<Record<Signal, readonly string[]>>>;
}

/** A statement group of the transform processor. */
export interface StatementGroup {
  /** @default - the statements apply to every item */
  readonly conditions?: readonly string[];
  readonly statements: readonly string[];
}

export const emptyStage: PipelineStage = { processors: {}, pipelines: {} };

/**
 * One processor with a list of OTTL conditions or statements for each signal (`trace_conditions`,
 * `log_statements` and so on), in the pipelines of the signals whose list is not empty.
 */
export function ottlStage(
  source: string,
  name: string,
  kind: 'conditions' | 'statements',
  lists: Readonly<Record<Signal, readonly unknown[]>>,
): PipelineStage {
  const used = (Object.keys(ottlPrefixes) as Signal[]).filter((signal) => lists[signal].length > 0);
  if (used.length === 0) return emptyStage;
  return {
    source,
    processors: {
      [name]: {
        // An item for which a statement fails is passed on unchanged instead of being dropped.
        error_mode: 'ignore',
        ...Object.fromEntries(
          used.map((signal) => [`${ottlPrefixes[signal]}_${kind}`, lists[signal]]),
        ),
      },
    },
    pipelines: Object.fromEntries(used.map((signal) => [signal, [name]])),
  };
}
