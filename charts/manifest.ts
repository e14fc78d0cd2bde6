import { ApiObject, type App, Chart, JsonPatch } from 'cdk8s';
import { annotationKeys } from '../lib/model/labels.ts';
import { sourcesOf } from '../lib/model/source.ts';

export interface ManifestProps {
  /** Number and name of the file, pinned here so that files keep their names and their order. */
  readonly id: `${number}-${string}`;
  /** @default - for objects that are not in a namespace */
  readonly namespace?: string;
}

/** Kinds that are in no namespace, whatever the namespace of their chart. */
const clusterWide = ['ClusterRole', 'ClusterRoleBinding'];

/** One file of the output. */
export function manifest(app: App, props: ManifestProps, build: (chart: Chart) => void): void {
  const chart = new Chart(app, props.id, { namespace: props.namespace });
  build(chart);
  for (const construct of chart.node.findAll()) {
    if (!ApiObject.isApiObject(construct)) continue;
    construct.metadata.addAnnotation(annotationKeys.source, sourcesOf(construct).join(','));
    if (clusterWide.includes(construct.kind)) {
      construct.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
    }
  }
}
