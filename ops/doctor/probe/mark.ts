import { randomBytes } from 'node:crypto';
import { newTraceContext } from '../../stores/tracked-request.ts';

export const signals = ['metrics', 'logs', 'traces'] as const;
export type Signal = (typeof signals)[number];

export const protocols = ['grpc', 'http'] as const;
export type Protocol = (typeof protocols)[number];

/** What one run sends by one protocol, and finds again because nobody else sends it. */
export interface Mark {
  readonly protocol: Protocol;
  /** Text in the log line. */
  readonly text: string;
  /** Value of the metric: a new series for each run would stay for as long as metrics are kept. */
  readonly value: number;
  readonly traceId: string;
  readonly spanId: string;
  /** In milliseconds. */
  readonly sentAt: number;
}

export function newMark(protocol: Protocol): Mark {
  const { traceId, parentId } = newTraceContext();
  const now = Date.now();
  return {
    protocol,
    text: `mantis doctor ${randomBytes(6).toString('hex')} by ${protocol}`,
    value: now,
    traceId,
    spanId: parentId,
    sentAt: now,
  };
}
