import { rmSync } from 'node:fs';
import { z } from 'zod';
import { synthesize } from '../../charts/synth.ts';
import { adminSecret } from '../../lib/grafana/grafana.ts';
import { type Secret, writeSecrets } from '../../ops/backup/secrets.ts';
import { apply } from '../../ops/cluster/apply.ts';
import { kubectl, kubectlJson, type Target } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { isLocal, type Session } from '../../ops/cluster/session.ts';
import { kindUp } from '../../ops/kind-up/kind-up.ts';
import { NotYet, retryUntil } from '../../ops/process/retry.ts';

const volumes = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({
        claimRef: z.object({ namespace: z.string() }).optional(),
        persistentVolumeReclaimPolicy: z.string(),
      }),
    }),
  ),
});

/** Removes the namespace, and waits until its volumes are gone too. */
export async function deleteEverything(target: Target): Promise<void> {
  await kubectl(target, ['delete', 'namespace', target.namespace, '--timeout=600s']);
  await retryUntil(
    `volumes of namespace ${target.namespace} gone`,
    async () => {
      const { items } = await kubectlJson(target, volumes, ['get', 'persistentvolumes']);
      // A volume of policy Retain stays, but nobody can claim it by accident.
      const left = items.filter(
        ({ spec }) =>
          spec.claimRef?.namespace === target.namespace &&
          spec.persistentVolumeReclaimPolicy === 'Delete',
      );
      if (left.length > 0) throw new NotYet(left.map(({ metadata }) => metadata.name).join(', '));
    },
    { timeoutSeconds: 300 },
  );
}

/** Deploys as the first time: with a new login of Grafana, but with the Secrets that pods wait for. */
export async function deployAgain(session: Session, secrets: readonly Secret[]): Promise<void> {
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
