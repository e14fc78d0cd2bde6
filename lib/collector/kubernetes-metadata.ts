import type { k8s } from 'cdk8s-plus-28';
import type { ConfigObject } from '../model/config-file.ts';
import { forwarderLabel } from '../model/labels.ts';
import { sourceFile } from '../model/source.ts';
import { attributes, workloadAttributes } from '../telemetry/app.ts';
import { eventAttributes } from '../telemetry/logs.ts';
import type { Signal } from '../telemetry/signal.ts';
import { literal } from './ottl/ottl.ts';
import { emptyStage, ottlStage, type PipelineStage } from './pipeline-stage.ts';
import type { KubernetesMetadata } from './settings.ts';

const ownSource = sourceFile(import.meta.filename);

/** What k8s_attributes needs: it lists and watches pods, and derives all names from them. */
export const metadataRules: readonly k8s.PolicyRule[] = [
  { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
];

/** Marks resources of other clusters, and of senders outside, until the end of this stage. */
export const otherCluster = 'mantis.other_cluster';

const resource = (name: string) => `resource.attributes[${literal(name)}]`;

/**
 * Adds the names of pod, namespace, node, container and workload to resources whose pod is known,
 * and `service.instance.id` where it is missing: without it, the series of all replicas are one.
 * Attributes that the sender set are kept
 * (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/processor/k8sattributesprocessor).
 */
export function metadataStage(settings: KubernetesMetadata, clusterName: string): PipelineStage {
  if (!settings.enabled) return emptyStage;
  const [before, after] = ['transform/other_cluster', 'transform/instance'] as const;
  const markOtherClusters = transformResources(before, [
    `set(${resource(otherCluster)}, "true") where ${resource(attributes.k8sClusterName)} != nil and ${resource(attributes.k8sClusterName)} != ${literal(clusterName)}`,
  ]);
  const instance = resource(attributes.serviceInstanceId);
  const podUid = resource(attributes.k8sPodUid);
  const setInstance = transformResources(after, [
    // The instance of an event is not the pod that it is about.
    `set(${instance}, ${podUid}) where (${instance} == nil or ${instance} == "") and ${podUid} != nil and ${resource(eventAttributes.kind)} == nil`,
    `delete_key(resource.attributes, ${literal(otherCluster)})`,
  ]);
  const pipeline = [before, 'k8s_attributes', after];
  return {
    source: ownSource,
    processors: {
      ...markOtherClusters,
      k8s_attributes: processorConfig(settings),
      ...setInstance,
    },
    pipelines: { metrics: pipeline, logs: pipeline, traces: pipeline },
  };
}

/** Feature gates of the collector that the stage needs. */
export function metadataGates({ enabled }: KubernetesMetadata): string[] {
  // One watch and one cache of all pods, instead of one for each pipeline. Alpha as of 0.165.
  return enabled ? ['processor.k8sattributes.ShareProcessorBetweenPipelines'] : [];
}

/** A transform processor that changes the resources of all signals. */
function transformResources(name: string, statements: readonly string[]): ConfigObject {
  const groups: Record<Signal, readonly object[]> = {
    traces: [{ statements }],
    logs: [{ statements }],
    metrics: [{ statements }],
  };
  return ottlStage(ownSource, name, 'statements', groups).processors;
}

function processorConfig({ labels, annotations }: KubernetesMetadata): ConfigObject {
  const extracted = (keys: readonly string[]) => keys.map((key) => ({ key, from: 'pod' }));
  return {
    auth_type: 'serviceAccount',
    filter: {
      labels: [{ key: forwarderLabel, op: 'not-equals', value: 'true' }],
      // The others share the address of their node.
      fields: [{ key: 'spec.hostNetwork', value: 'false' }],
    },
    extract: {
      metadata: [
        attributes.k8sNamespaceName,
        attributes.k8sPodName,
        attributes.k8sPodUid,
        attributes.k8sNodeName,
        attributes.k8sContainerName,
        ...workloadAttributes,
      ],
      labels: extracted(labels),
      annotations: extracted(annotations),
    },
    // The first of these that a resource has decides, whether it matches a pod or not. So what an
    // agent forwards about another pod, or what comes from another cluster, never gets the
    // attributes of the pod that sent it. Not container.id, which many SDKs detect wrongly.
    pod_association: [
      [fromResource(otherCluster)],
      [fromResource(attributes.k8sPodUid)],
      [fromResource(attributes.k8sPodIp)],
      [fromResource(attributes.k8sPodName), fromResource(attributes.k8sNamespaceName)],
      [{ from: 'connection' }],
    ].map((sources) => ({ sources })),
    // Changes arrive by the watch. By default all pods are processed again every five minutes.
    watch_sync_period: '0s',
  };
}

/** A source of an association: the pod is identified by a resource attribute. */
export const fromResource = (name: string) => ({ from: 'resource_attribute', name });
