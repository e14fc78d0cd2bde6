/**
 * Paths that telemetry handles specially. This file has no imports, because telemetry.ts reads it
 * before Koa is loaded.
 */

/** Paths of the kubelet's probes, which cause no telemetry. */
export const livePath = '/livez';
export const readyPath = '/readyz';
export const probePaths: readonly string[] = [livePath, readyPath];

/** For people and uptime monitors: its requests are counted, without spans. */
export const healthPath = '/health';

/** Prefix of all paths of the admin endpoint, which telemetry leaves out. */
export const adminPrefix = '/faults';

/**
 * Prefix of all paths of the simulated payment provider, which sends no telemetry, like a third
 * party.
 */
export const providerPrefix = '/provider';
