import { z } from 'zod';
import { kubectlJson } from '../../ops/cluster/kubectl.ts';
import { mantisSelector, podSchema, restartsOf } from '../../ops/cluster/pods.ts';
import type { Session } from '../../ops/cluster/session.ts';

const podList = z.object({ items: z.array(podSchema) });

/** The identity and the restarts of every pod, by its name: the same as long as none was replaced. */
export async function readRestarts({ target }: Session): Promise<Map<string, string>> {
  const { items } = await kubectlJson(target, podList, ['get', 'pods', mantisSelector]);
  return new Map(items.map((pod) => [pod.metadata.name, `${pod.metadata.uid} ${restartsOf(pod)}`]));
}
