import { rmSync } from 'node:fs';
import { z } from 'zod';
import { synthesize } from '../../charts/synth.ts';
import { adminSecret } from '../../lib/grafana/grafana.ts';
import { type Secret, writeSecrets } from '../../ops/backup/secrets.ts';
import { apply } from '../../ops/cluster/apply.ts';
import { kubectl, kubectlList, type Target } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { isLocal, type Session } from '../../ops/cluster/session.ts';
import { kindUp } from '../../ops/kind-up/kind-up.ts';
import { RetryLater, retryUntil } from '../../ops/process/retry.ts';

const volumeSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    claimRef: z.object({ namespace: z.string() }).optional(),
    persistentVolumeReclaimPolicy: z.string(),
  }),
});

/** Deletes the namespace and waits until its volumes are deleted. */
export async function deleteNamespaceAndVolumes(target: Target): Promise<void> {
  await kubectl(target, ['delete', 'namespace', target.namespace, '--timeout=600s']);
  await retryUntil(
    `volumes of namespace ${target.namespace} deleted`,
    async () => {
      const volumes = await kubectlList(target, volumeSchema, ['get', 'persistentvolumes']);
      // A volume with the policy Retain stays, but is not bound again.
      const left = volumes.filter(
        ({ spec }) =>
          spec.claimRef?.namespace === target.namespace &&
          spec.persistentVolumeReclaimPolicy === 'Delete',
      );
      if (left.length > 0)
        throw new RetryLater(left.map(({ metadata }) => metadata.name).join(', '));
    },
    { timeoutSeconds: 300 },
  );
}

/** Deploys as on a new cluster: with a new admin Secret, and with the other Secrets that pods need. */
export async function redeploy(session: Session, secrets: readonly Secret[]): Promise<void> {
  const { settings, target } = session;
  const own = secrets.filter(({ metadata }) => metadata.name !== adminSecret.name);
  if (own.length > 0) {
    await kubectl(target, ['create', 'namespace', target.namespace]);
    await writeSecrets(target, own);
  }
  if (isLocal(session)) return kindUp(settings);
  const outdir = '.build/drill';
  rmSync(outdir, { recursive: true, force: true });
  synthesize(settings, outdir);
  await apply(target, outdir);
  await waitForRollout(target, { timeoutSeconds: 900 });
}
