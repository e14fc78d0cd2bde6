import { z } from 'zod';
import { labelKeys, partOf } from '../../lib/model/labels.ts';
import { kubectlJson, type Target } from './kubectl.ts';

const items = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      metadata: z.object({
        name: z.string(),
        labels: z.record(z.string(), z.string()).default({}),
        ownerReferences: z.array(z.unknown()).default([]),
      }),
    }),
  ),
});

const kinds =
  'pods,services,deployments,statefulsets,daemonsets,jobs,cronjobs,configmaps,secrets,persistentvolumeclaims';

/** What is in a namespace and not ours; a namespace takes all that is in it along. */
export async function strangers(target: Target): Promise<string[]> {
  const found = await kubectlJson(target, items, ['get', kinds, '--show-kind']);
  return (
    found.items
      .filter(({ metadata }) => metadata.labels[labelKeys.partOf] !== partOf)
      .filter(({ metadata }) => metadata.ownerReferences.length === 0)
      // Kubernetes puts its certificate into every namespace.
      .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
      .map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`)
  );
}
