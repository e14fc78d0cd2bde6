import { randomBytes } from 'node:crypto';
import { newTraceContext } from '../../stores/tracked-request.ts';

export const protocols = ['grpc', 'http'] as const;

export type Protocol = (typeof protocols)[number];

/** What one run sends by one protocol and then searches in the stores: unique, so it can be found. */
export interface ProbeItem {
  readonly protocol: Protocol;
  /** Text in the log line. */
  readonly text: string;
  /** Value of the metric. A unique value, because a unique label would leave one series a run. */
  readonly value: number;
  readonly traceId: string;
  readonly spanId: string;
  /** In milliseconds. */
  readonly sentAt: number;
}

export function newProbeItem(protocol: Protocol): ProbeItem {
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
