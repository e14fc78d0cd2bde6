import type { ConfigObject } from '../model/config-file.ts';
import { sourceFile } from '../model/source.ts';

export const cloudSource = sourceFile(import.meta.filename);

/** The clouds whose metadata service the collector can ask. */
export const clouds = ['aws', 'azure', 'gcp'] as const;

export type Cloud = (typeof clouds)[number];

/**
 * The detector of each cloud, with its attributes that are about the collector's own node, which is
 * not the node of the app (resourcedetectionprocessor, metadata.yaml of each detector; 0.165).
 */
const detectors: Record<Cloud, { readonly name: string; readonly ofNode: readonly string[] }> = {
  aws: {
    name: 'ec2',
    ofNode: ['cloud.availability_zone', 'host.id', 'host.image.id', 'host.name', 'host.type'],
  },
  azure: {
    name: 'azure',
    ofNode: [
      ...['azure.resourcegroup.name', 'azure.vm.name', 'azure.vm.scaleset.name', 'azure.vm.size'],
      ...['cloud.availability_zone', 'host.id', 'host.name'],
    ],
  },
  gcp: {
    name: 'gcp',
    ofNode: [
      ...['cloud.availability_zone', 'faas.instance', 'faas.name', 'faas.version'],
      ...['gcp.cloud_run.job.execution', 'gcp.cloud_run.job.task_index'],
      ...['gcp.gce.instance.hostname', 'gcp.gce.instance.name'],
      ...['gcp.gce.instance_group_manager.name', 'gcp.gce.instance_group_manager.region'],
      ...['gcp.gce.instance_group_manager.zone', 'host.id', 'host.name', 'host.type'],
    ],
  },
};

/**
 * Adds what is true for everything in the cluster: the collector's own OTEL_RESOURCE_ATTRIBUTES, and
 * provider, platform, account and region of its cloud. Not `system`: this collector is a gateway, so
 * its host is not the host of the app.
 */
export function resourceDetection(cloud: Cloud | undefined): ConfigObject {
  if (cloud === undefined) return { detectors: ['env'], override: false };
  const { name, ofNode } = detectors[cloud];
  const disabled = Object.fromEntries(ofNode.map((attribute) => [attribute, { enabled: false }]));
  return {
    // Of two detectors that know the same attribute the first one is used.
    detectors: ['env', name],
    override: false,
    // Without an answer the collector starts all the same.
    timeout: '5s',
    [name]: { resource_attributes: disabled },
  };
}
