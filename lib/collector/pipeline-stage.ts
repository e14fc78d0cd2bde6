import type { ConfigObject } from '../model/config-file.ts';

export const signals = ['traces', 'logs', 'metrics'] as const;
export type Signal = (typeof signals)[number];

/** The names under which processors of statements and conditions keep those of each signal. */
export const singular = {
  traces: 'trace',
  logs: 'log',
  metrics: 'metric',
} as const satisfies Record<Signal, string>;

/** What a setting adds to the collector's pipelines. */
export interface Stage {
  readonly processors: ConfigObject;
  /** The processors of each pipeline, in their order. */
  readonly order: Readonly<Partial<Record<Signal, readonly string[]>>>;
}

export const noStage: Stage = { processors: {}, order: {} };

/**
 * One processor with a list of OTTL for each signal (`trace_conditions`, `log_statements` and so
 * on), in the pipelines of the signals that have any.
 */
export function ottlStage(
  name: string,
  kind: 'conditions' | 'statements',
  lists: Readonly<Record<Signal, readonly unknown[]>>,
): Stage {
  const used = signals.filter((signal) => lists[signal].length > 0);
  if (used.length === 0) return noStage;
  return {
    processors: {
      [name]: {
        // What cannot be evaluated changes nothing, and never costs the data.
        error_mode: 'ignore',
        ...Object.fromEntries(used.map((signal) => [`${singular[signal]}_${kind}`, lists[signal]])),
      },
    },
    order: Object.fromEntries(used.map((signal) => [signal, [name]])),
  };
}
