import type { ServiceName } from '../../../lib/model/ports.ts';
import type { Signal } from '../../../lib/telemetry/signal.ts';
import type { CheckedEndpoint } from '../model/access.ts';
import type { Protocol } from '../probe/probe-item.ts';

/** What is wrong with the fake stack. */
export interface Fault {
  /** Nothing listens on these endpoints. */
  readonly unreachable?: readonly CheckedEndpoint[];
  /** It responds that it is not ready. */
  readonly notReady?: ServiceName;
  readonly collector?: {
    readonly refuses?: true;
    /** Acknowledges a request and reports its items as rejected. */
    readonly rejects?: true;
    /** Acknowledges, but does not increase its counters. */
    readonly doesNotCount?: true;
    /** The exporter of this signal sends nothing. */
    readonly doesNotExport?: Signal;
    readonly lacksExporter?: Signal;
    /** Share of every queue that is used. */
    readonly queue?: number;
    readonly lostBefore?: number;
    readonly losesItems?: true;
  };
  /** A store that acknowledges telemetry and never returns it. */
  readonly doesNotStore?: ServiceName;
  /** Finds traces by id, but not by search. */
  readonly hidesFromSearch?: true;
  readonly discards?: 'prometheus' | 'loki' | 'tempo';
  readonly grafana?: {
    readonly refusesLogin?: true;
    readonly missingDatasource?: string;
    /** The URL of this datasource is unreachable. */
    readonly brokenDatasource?: string;
    /** This datasource points to another healthy store. */
    readonly wrongDatasource?: string;
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
