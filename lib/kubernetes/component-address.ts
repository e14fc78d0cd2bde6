import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { address } from '../model/addresses.ts';
import type { EndpointName } from '../model/topology.ts';
import type { StackLocation } from '../model/topology-settings.ts';
import type { ComponentOptions } from '../settings/component.ts';

/**
 * The addresses of a component, as others are given them: valid in every namespace of the cluster, or,
 * where its chart names no namespace, within the one that it is applied to.
 *
 * @param grafana whose address has the path of its URL
 */
export function addressesOf(
  construct: IConstruct,
  { clusterDomain = 'cluster.local' }: ComponentOptions,
  grafana: StackLocation['grafana'] = { url: 'http://grafana' },
) {
  const { namespace } = Chart.of(construct);
  return (endpoint: EndpointName): string => {
    const full = address(endpoint, {
      namespace: namespace ?? '',
      clusterDomain,
      clusterView: { namespace: '' },
      grafana,
    });
    return namespace === undefined ? full.replace(`..svc.${clusterDomain}`, '') : full;
  };
}
