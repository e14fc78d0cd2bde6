import type { App, Chart } from 'cdk8s';
import { EventCollector } from '../lib/event-collector.ts';
import { KubeStateMetrics } from '../lib/kube-state-metrics.ts';
import { belongsToLabel } from '../lib/labels.ts';
import { Namespace } from '../lib/namespace.ts';
import { NetworkPolicies } from '../lib/network-policies.ts';
import { NodeCollector } from '../lib/node-collector.ts';
import type { Settings } from '../lib/settings.ts';
import { addressesFor, viewComponents } from '../lib/topology.ts';
import { manifest } from './manifest.ts';

/** What sees the cluster itself, in a namespace beside the stack's. */
export function clusterView(app: App, settings: Settings): void {
  const { namespace, logs, nodeCollector, eventCollector, kubeStateMetrics } = settings.clusterView;
  const platform = { ...settings, namespace };
  const component = (id: `${number}-${string}`, source: string, build: (chart: Chart) => void) =>
    manifest(app, { id, source, namespace }, build);

  manifest(app, { id: '0001-cluster-view-namespace', source: 'lib/namespace.ts' }, (chart) => {
    new Namespace(chart, 'namespace', namespace, 'privileged', {
      [belongsToLabel]: settings.namespace,
    });
  });
  if (settings.networkPolicies) {
    component('0700-cluster-view-network-policies', 'lib/network-policies.ts', (chart) => {
      new NetworkPolicies(chart, 'network-policies', settings, viewComponents);
    });
  }
  component('0710-node-collector', 'lib/node-collector.ts', (chart) => {
    new NodeCollector(chart, 'node-collector', {
      platform,
      settings: nodeCollector,
      gateway: addressesFor('node-collector', settings)('otlpGrpc'),
      namespaces: logs.namespaces,
      // The stack's: the test app sends its logs itself, and a store must not wait for its own
      // complaints. The view's: a collector that reads itself never ends.
      skip: [settings.namespace, namespace, ...logs.skip],
    });
  });
  component('0720-event-collector', 'lib/event-collector.ts', (chart) => {
    new EventCollector(chart, 'event-collector', {
      platform,
      settings: eventCollector,
      gateway: addressesFor('event-collector', settings)('otlpGrpc'),
    });
  });
  component('0730-kube-state-metrics', 'lib/kube-state-metrics.ts', (chart) => {
    new KubeStateMetrics(chart, 'kube-state-metrics', { platform, settings: kubeStateMetrics });
  });
}
