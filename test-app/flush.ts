let flush = (): Promise<void> => Promise.resolve();

/** Says how buffered telemetry is sent. Called by telemetry.ts, if that is loaded at all. */
export function onFlush(send: () => Promise<void>): void {
  flush = send;
}

/** Sends what is still buffered; rejects when the collector does not take it. */
export function flushTelemetry(): Promise<void> {
  return flush();
}
