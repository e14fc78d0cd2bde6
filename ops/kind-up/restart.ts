import { z } from 'zod';
import { kubectl, kubectlJson, type Target } from '../cluster/kubectl.ts';
import { ourSelector } from '../cluster/pods.ts';

const listSchema = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      metadata: z.object({ name: z.string() }),
      spec: z.object({
        template: z.object({
          spec: z.object({ containers: z.array(z.object({ image: z.string() })) }),
        }),
      }),
    }),
  ),
});

export type Template = z.output<typeof listSchema>['items'][number];

/** The workloads that run one of these images, as kubectl names them. */
export function usersOf(workloads: readonly Template[], images: readonly string[]): string[] {
  return workloads
    .filter(({ spec }) => spec.template.spec.containers.some(({ image }) => images.includes(image)))
    .map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
}

/**
 * Restarts what runs under these names: another image under the same tag changes no manifest, so
 * nothing else would.
 */
export async function restartUsersOf(target: Target, images: readonly string[]): Promise<string[]> {
  if (images.length === 0) return [];
  const args = ['get', 'deployments,statefulsets', ourSelector];
  const { items } = await kubectlJson(target, listSchema, args);
  const names = usersOf(items, images);
  if (names.length > 0) await kubectl(target, ['rollout', 'restart', ...names]);
  return names;
}
