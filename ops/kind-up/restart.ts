import { z } from 'zod';
import { kubectl, kubectlList, type Target } from '../cluster/kubectl.ts';
import { mantisSelector } from '../cluster/pods.ts';

const schema = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.array(z.object({ image: z.string() })) }),
    }),
  }),
});

export type ImageUser = z.output<typeof schema>;

/** The workloads whose pods use one of these images, such as `deployment/shop`. */
export function workloadsUsing(
  workloads: readonly ImageUser[],
  images: readonly string[],
): string[] {
  return workloads
    .filter(({ spec }) => spec.template.spec.containers.some(({ image }) => images.includes(image)))
    .map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
}

/** Restarts the workloads that use a reloaded image: its tag is the same, so no manifest changes. */
export async function restartWorkloadsUsing(
  target: Target,
  images: readonly string[],
): Promise<string[]> {
  if (images.length === 0) return [];
  const args = ['get', 'deployments,statefulsets', mantisSelector];
  const names = workloadsUsing(await kubectlList(target, schema, args), images);
  if (names.length > 0) await kubectl(target, ['rollout', 'restart', ...names]);
  return names;
}
