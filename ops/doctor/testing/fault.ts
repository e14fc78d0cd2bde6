import type { ServiceName } from '../../../lib/model/ports.ts';
import type { Signal } from '../../../lib/telemetry/signal.ts';
import type { CheckedEndpoint } from '../model/access.ts';
import type { Protocol } from '../probe/probe-item.ts';

export interface Fault {
  readonly unreachable?: readonly CheckedEndpoint[];
  readonly notReady?: ServiceName;
  readonly collector?: {
    readonly refuses?: true;
    /** Acknowledges a request and reports its items as rejected. */
    readonly rejects?: true;
    readonly doesNotCount?: true;
    readonly doesNotExport?: Signal;
    readonly lacksExporter?: Signal;
    readonly queue?: number;
    readonly lostBefore?: number;
    readonly losesItems?: true;
  };
  /** A store that acknowledges telemetry and never returns it. */
  readonly doesNotStore?: ServiceName;
  readonly hidesFromSearch?: true;
  readonly discards?: 'prometheus' | 'loki' | 'tempo';
  readonly grafana?: {
    readonly refusesLogin?: true;
    readonly missingDatasource?: string;
    readonly brokenDatasource?: string;
    readonly wrongDatasource?: string;
    /** The store of it answers 401, which Grafana passes on as 400. */
    readonly refusedCredential?: string;
  };
  readonly targetDown?: string;
  readonly notScraped?: string;
  readonly annotatedPodDown?: true;
  readonly ruleError?: true;
  readonly ruleMissing?: true;
  readonly volume?: number;
  readonly clockSeconds?: number;
}

export interface ReceivedItem {
  readonly protocol: Protocol;
  readonly request: object;
}

/** What a fake stack has received, and how it is broken. */
export interface StackState {
  readonly fault: Fault;
  readonly stored: Readonly<Record<Signal, readonly ReceivedItem[]>>;
  readonly accepted: Readonly<Record<Signal, Readonly<Record<Protocol, number>>>>;
  readonly sent: Readonly<Record<Signal, number>>;
  readonly pagesRead: number;
}
