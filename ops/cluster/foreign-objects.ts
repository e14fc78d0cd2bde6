import { z } from 'zod';
import { labelKeys, partOf } from '../../lib/model/labels.ts';
import { kubectlList, type Target } from './kubectl.ts';

const objectSchema = z.object({
  kind: z.string(),
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(z.unknown()).default([]),
  }),
});

const kinds =
  'pods,services,deployments,statefulsets,daemonsets,jobs,cronjobs,configmaps,secrets,persistentvolumeclaims';

/**
 * The objects of a namespace that are not part of Mantis, such as `deployment/web`. Deleting the
 * namespace would delete them too.
 */
export async function foreignObjects(target: Target): Promise<string[]> {
  const objects = await kubectlList(target, objectSchema, ['get', kinds, '--show-kind']);
  return (
    objects
      .filter(({ metadata }) => metadata.labels[labelKeys.partOf] !== partOf)
      .filter(({ metadata }) => metadata.ownerReferences.length === 0)
      // Kubernetes creates this ConfigMap in every namespace.
      .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
      .map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`)
  );
}
