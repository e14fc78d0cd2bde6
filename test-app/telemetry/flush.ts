let flush = (): Promise<void> => Promise.resolve();

/** Sets the flush function. Called by telemetry.ts, which is not loaded in tests. */
export function onFlush(send: () => Promise<void>): void {
  flush = send;
}

/** Sends buffered telemetry. Rejects when the export fails. */
export function flushTelemetry(): Promise<void> {
  return flush();
}
