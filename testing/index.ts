import type { App } from 'cdk8s';
import { type Manifest, manifestsOf } from './manifest.ts';
import { type DeclaredMetrics, metricMistakes } from './metrics.ts';
import { queryMistakes } from './queries.ts';
import { restrictedMistakes } from './restricted.ts';
import { secretMistakes } from './secrets.ts';

/** The checks that Mantis' own output has to pass, for tests of what is built with it. */

export { type Manifest, manifestsOf } from './manifest.ts';
export { type DeclaredMetrics, knownMetrics, metricMistakes } from './metrics.ts';
export { type FoundQuery, queriesIn, queryMistakes } from './queries.ts';
export { restrictedMistakes } from './restricted.ts';
export { holdsSecret, secretMistakes } from './secrets.ts';

/**
 * Every mistake in the output of an App, a line each: queries that are not of their language, metrics
 * that nobody declares, pods that are not "restricted", and secrets.
 */
export function mistakesIn(
  output: App | readonly Manifest[],
  declared: DeclaredMetrics = {},
): string[] {
  const manifests = 'charts' in output ? manifestsOf(output) : output;
  return [
    ...queryMistakes(manifests),
    ...metricMistakes(manifests, declared),
    ...restrictedMistakes(manifests),
    ...secretMistakes(manifests),
  ];
}
