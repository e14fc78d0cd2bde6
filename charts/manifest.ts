import { ApiObject, Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { annotationKeys } from '../lib/model/labels.ts';
import { sourcesOf } from '../lib/model/source.ts';

/** Number and name of a file, pinned so that files keep their names and their order. */
export type ManifestId = `${number}-${string}`;

export interface ManifestProps {
  readonly id: string;
  /** @default - for objects that are not in a namespace */
  readonly namespace?: string;
}

/** Adds a file to the output of a stack, and returns what is built in its chart. */
export type AddManifest = <T extends IConstruct>(
  id: ManifestId,
  namespace: string | undefined,
  build: (chart: Chart) => T,
) => T;

/** One file of the output. */
export function manifest<T>(
  scope: Construct,
  { id, namespace }: ManifestProps,
  build: (chart: Chart) => T,
): { readonly chart: Chart; readonly built: T } {
  const chart = new Chart(scope, id, { namespace });
  const built = build(chart);
  for (const construct of chart.node.findAll()) {
    if (!ApiObject.isApiObject(construct)) continue;
    construct.metadata.addAnnotation(annotationKeys.source, sourcesOf(construct).join(','));
  }
  return { chart, built };
}
