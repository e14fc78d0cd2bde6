import { z } from 'zod';
import {
  componentSettings,
  dedicatedNamespace,
  extraConfig,
  resources,
  volumeSize,
} from '../settings/common.ts';
import { refuseCredentials } from '../settings/credentials.ts';
import { everyNodePlacementSettings, placementSettings } from '../settings/placement.ts';
import { dnsLabel } from '../settings/units.ts';
import { multilineSettings } from './multiline.ts';

const namespaceNames = z.array(dnsLabel);

/**
 * Settings of the cluster view: container logs, node metrics, events and the state of workloads.
 */
/** These collectors have no Secret: they only send to the gateway. */
const withoutCredentials = refuseCredentials(['extraConfig'], {
  wanted: 'exporters to other destinations are those of collector.extraConfig',
});

export const clusterViewSettings = z.strictObject({
  enabled: z
    .boolean('true or false')
    .default(false)
    .describe(
      'Also collect container logs, node metrics, Kubernetes events and the state of workloads',
    ),
  namespace: dedicatedNamespace
    .default('observability-cluster')
    .describe(
      'Dedicated namespace of the cluster view, with Pod Security level privileged, because its pods use hostPath volumes',
    ),
  logs: z
    .strictObject({
      namespaces: z
        .union([z.literal('all'), namespaceNames.min(1)], 'all, or a list of namespaces')
        .default('all')
        .describe('Namespaces whose container logs are collected: `all`, or a list'),
      excludeNamespaces: namespaceNames
        .default([])
        .describe(
          "Namespaces whose container logs are not collected, in addition to Mantis' own; the annotation `mantis.dev/logs: otlp` excludes a single pod",
        ),
      multiline: multilineSettings,
    })
    .prefault({}),
  nodeCollector: componentSettings({
    storage: volumeSize('512Mi', 'the queue of a node, in a directory of the node'),
    ...resources({ cpu: '50m', memory: '128Mi', memoryLimit: '256Mi' }),
    ...everyNodePlacementSettings,
    extraConfig,
  })
    .check(withoutCredentials)
    .prefault({}),
  eventCollector: componentSettings({
    ...resources({ cpu: '10m', memory: '64Mi', memoryLimit: '128Mi' }),
    ...placementSettings,
    extraConfig,
  })
    .check(withoutCredentials)
    .prefault({}),
  kubeStateMetrics: componentSettings({
    ...resources({ cpu: '10m', memory: '64Mi', memoryLimit: '256Mi' }),
    ...placementSettings,
  }).prefault({}),
});

export type ClusterViewSettings = z.output<typeof clusterViewSettings>;
