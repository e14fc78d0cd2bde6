import { z } from 'zod';
import { componentSettings, dedicatedNamespace, resources, volume } from '../settings/common.ts';
import { dnsLabel } from '../settings/units.ts';

const namespaceNames = z.array(dnsLabel);

/** What is seen of a cluster beside the telemetry that apps send by themselves. */
export const clusterViewSettings = z.strictObject({
  enabled: z
    .boolean('true or false')
    .default(false)
    .describe(
      'Whether what pods print, metrics of nodes, events and the state of workloads are collected too',
    ),
  namespace: dedicatedNamespace
    .default('observability-cluster')
    .describe(
      'Namespace of the cluster view, which it has to itself: its pods read from their nodes',
    ),
  logs: z
    .strictObject({
      namespaces: z
        .union([z.literal('all'), namespaceNames.min(1)], 'all, or a list of namespaces')
        .default('all')
        .describe('Whose pods are read: `all`, or a list of namespaces'),
      skip: namespaceNames
        .default([])
        .describe(
          "Namespaces whose pods are not read, beside Mantis' own; a single pod is left out by the annotation `mantis.dev/logs: otlp`",
        ),
    })
    .prefault({}),
  nodeCollector: componentSettings({
    storage: volume(
      '512Mi',
      'telemetry of a node that waits for the collector, on the node itself',
    ),
    ...resources({ cpu: '50m', memory: '128Mi', memoryLimit: '256Mi' }),
  }).prefault({}),
  eventCollector: componentSettings(
    resources({ cpu: '10m', memory: '64Mi', memoryLimit: '128Mi' }),
  ).prefault({}),
  kubeStateMetrics: componentSettings(
    resources({ cpu: '10m', memory: '64Mi', memoryLimit: '256Mi' }),
  ).prefault({}),
});

export type ClusterViewSettings = z.output<typeof clusterViewSettings>;
