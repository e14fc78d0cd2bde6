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

/** Prefix of the paths that start and stop faults, of the admin endpoint and of the homepage. */
export const adminPrefix = '/faults';

/** Prefix of the style sheet and the scripts of the homepage. */
export const assetsPrefix = '/assets';

/** Whether requests of a path cause no span, no metric and no log line, and faults leave them alone. */
export function isQuiet(path: string): boolean {
  if (probePaths.includes(path)) return true;
  return [adminPrefix, assetsPrefix].some((prefix) => `${path}/`.startsWith(`${prefix}/`));
}

/**
 * Prefix of all paths of the simulated payment provider, which sends no telemetry, like a third
 * party.
 */
export const providerPrefix = '/provider';
