/**
 * What happens to items that are counted as discarded: they are lost; the collector sends them
 * again, because the store asked it to; they are stored, but not counted in span metrics; or the
 * metrics page of an app was refused as a whole, which is no fault of the stack.
 */
export type DiscardOutcome = 'lost' | 'retried' | 'uncounted' | 'refused';

/** A value of the label `reason` of the alert TelemetryDiscarded. */
export interface DiscardReason {
  readonly cause: string;
  /** What to do about it. */
  readonly action: string;
  /** An alert whose runbook says more. @default - none */
  readonly seeAlso?: string;
  /** @default 'lost' */
  readonly outcome?: DiscardOutcome;
}

export type DiscardReasons = Readonly<Record<string, DiscardReason>>;

/** A counter of discarded items. */
export interface DiscardCounter {
  readonly metric: string;
  /** The label that has the reason, or the reason of all that it counts. */
  readonly reason: { readonly label: string } | { readonly value: string };
  /** The only values of the label that are discards. @default - all */
  readonly only?: readonly string[];
  /** Values of the label that are no discards, because the user configured them. @default - none */
  readonly except?: readonly string[];
}

/** The counters of one component, and every reason that they can have. */
export interface DiscardSource {
  /** The value of the label `job`, and the name of the service. */
  readonly job: 'otel-collector' | 'prometheus' | 'loki' | 'tempo';
  readonly counters: readonly DiscardCounter[];
  readonly reasons: DiscardReasons;
}
