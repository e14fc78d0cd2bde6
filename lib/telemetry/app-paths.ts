/**
 * Paths that telemetry treats in a way of their own. This file imports nothing: telemetry.ts reads
 * it before Koa may be loaded.
 */

/** Where the kubelet asks. Telemetry and the access log leave these out. */
export const livePath = '/livez';
export const readyPath = '/readyz';
export const probePaths: readonly string[] = [livePath, readyPath];

/** All paths of the admin endpoint start with this; telemetry leaves them out. */
export const adminPrefix = '/faults';

/** All paths of the simulated payment provider: a third party sends no telemetry to us. */
export const providerPrefix = '/provider';
