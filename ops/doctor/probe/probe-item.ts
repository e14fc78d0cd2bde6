import { randomBytes } from 'node:crypto';
import type { SentItem } from '../../stores/store.ts';
import { newTraceContext } from '../../stores/tracked-request.ts';

export const protocols = ['grpc', 'http'] as const;

export type Protocol = (typeof protocols)[number];

/** What one run sends by one protocol and then searches in the stores: unique, so it can be found. */
export interface ProbeItem extends SentItem {
  readonly protocol: Protocol;
  readonly spanId: string;
}

export function newProbeItem(protocol: Protocol): ProbeItem {
  const { traceId, parentId } = newTraceContext();
  const now = Date.now();
  return {
    protocol,
    text: `mantis doctor ${randomBytes(6).toString('hex')} by ${protocol}`,
    // A unique value, because a unique label would leave one series a run.
    value: now,
    traceId,
    spanId: parentId,
    sentAt: now,
  };
}
