import { EventCollector } from '../lib/cluster-view/event-collector.ts';
import { KubeStateMetrics } from '../lib/cluster-view/kube-state-metrics.ts';
import { NodeCollector } from '../lib/cluster-view/node-collector.ts';
import { Namespace } from '../lib/kubernetes/namespace.ts';
import { NetworkPolicies } from '../lib/kubernetes/network-policies.ts';
import { addressesFor } from '../lib/model/addresses.ts';
import { belongsToLabel } from '../lib/model/labels.ts';
import type { Settings } from '../lib/schema.ts';
import { withEveryNodePlacement, withPlacement } from '../lib/settings/placement.ts';
import type { AddManifest } from './manifest.ts';

/** The cluster view: the components that collect telemetry of the cluster, in a namespace of their own. */
export function clusterView(settings: Settings, add: AddManifest): void {
  const { namespace, logs, nodeCollector, eventCollector, kubeStateMetrics } = settings.clusterView;
  const platform = { ...settings, namespace };

  add('0001-cluster-view-namespace', undefined, (chart) => {
    return new Namespace(chart, 'namespace', namespace, 'privileged', {
      [belongsToLabel]: settings.namespace,
    });
  });
  if (settings.networkPolicies) {
    add('0700-cluster-view-network-policies', namespace, (chart) => {
      return new NetworkPolicies(chart, 'network-policies', settings, namespace);
    });
  }
  add('0710-node-collector', namespace, (chart) => {
    return new NodeCollector(chart, 'node-collector', {
      platform: withEveryNodePlacement(platform, nodeCollector),
      settings: nodeCollector,
      gateway: addressesFor('node-collector', settings)('otlpGrpc'),
      namespaces: logs.namespaces,
      multiline: logs.multiline,
      // The namespace of the stack, because the test app sends its logs by OTLP, and the error logs of a
      // failing store would be sent to that store. The namespace of the cluster view, because each log
      // line of a node collector would cause another one.
      excludeNamespaces: [settings.namespace, namespace, ...logs.excludeNamespaces],
    });
  });
  add('0720-event-collector', namespace, (chart) => {
    return new EventCollector(chart, 'event-collector', {
      platform: withPlacement(platform, eventCollector),
      settings: eventCollector,
      gateway: addressesFor('event-collector', settings)('otlpGrpc'),
    });
  });
  add('0730-kube-state-metrics', namespace, (chart) => {
    return new KubeStateMetrics(chart, 'kube-state-metrics', {
      platform: withPlacement(platform, kubeStateMetrics),
      settings: kubeStateMetrics,
    });
  });
}
