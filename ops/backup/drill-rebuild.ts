import { rmSync } from 'node:fs';
import { z } from 'zod';
import { synthesize } from '../../charts/synth.ts';
import { adminSecret } from '../../lib/grafana.ts';
import { apply } from '../apply.ts';
import { kindUp } from '../kind-up.ts';
import { kubectl, kubectlJson, type Target } from '../kubectl.ts';
import { waitForRollout } from '../rollout.ts';
import { isLocal, type Session } from '../session.ts';
import { NotYet, until } from '../until.ts';
import { type Secret, writeSecrets } from './secrets.ts';

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
  await until(
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
