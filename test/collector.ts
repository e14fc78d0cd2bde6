import { parse } from 'yaml';
import { Collector, type CollectorProps } from '../lib/collector/collector.ts';
import { podTemplateOf, synthConstruct } from './construct.ts';
import { findManifest } from './synthesized.ts';

/** A collector on its own: its manifests, its configuration and its pod template. */
export function synthCollector(props: Partial<CollectorProps> = {}) {
  const manifests = synthConstruct((chart) => {
    new Collector(chart, 'collector', {
      ...props,
      metricsEndpoint: 'http://metrics',
      logsEndpoint: 'http://logs',
      tracesEndpoint: 'traces:4317',
    });
  });
  const files = findManifest(manifests, 'ConfigMap', 'otel-collector-config').data;
  return {
    manifests,
    config: parse(files['collector.yaml']),
    ...podTemplateOf(findManifest(manifests, 'StatefulSet', 'otel-collector')),
  };
}
