import type { Signal } from '../../lib/telemetry/signal.ts';

/** The fields that lead from a request to its items: of resources, of scopes, of items. */
export const requestFields = {
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
} as const satisfies Record<Signal, readonly string[]>;
