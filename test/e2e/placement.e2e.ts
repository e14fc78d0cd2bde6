import { z } from 'zod';
import type { Settings } from '../../lib/schema.ts';
import { kubectl, kubectlJson, withoutNamespace } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { deploy } from '../../ops/deploy/deploy.ts';
import { messageOf } from '../../ops/process/errors.ts';
import { session } from './cluster.ts';
import { testOnRequest } from './on-request.ts';

const { target } = session;
const taint = { key: 'mantis-e2e', value: 'dedicated', effect: 'NoSchedule' } as const;
const tolerations: Settings['tolerations'] = [{ ...taint, operator: 'Equal' }];

const deployWith = (more: Partial<Settings>) =>
  deploy(
    { ...session, settings: { ...session.settings, ...more } },
    { yes: true, wait: '6m', timeout: '35s', doctor: false },
  );

/** Taints every node, which evicts no pod, while `work` runs. */
async function withTaint(work: () => Promise<void>): Promise<void> {
  const { key, value, effect } = taint;
  const set = (change: string) =>
    kubectl(withoutNamespace(target), ['taint', 'nodes', '--all', '--overwrite', change]);
  await set(`${key}=${value}:${effect}`);
  try {
    await work();
  } finally {
    await set(`${key}:${effect}-`);
  }
}

const podSchema = z.object({
  metadata: z.object({ uid: z.string() }),
  spec: z.object({ tolerations: z.array(z.looseObject({ key: z.string().optional() })) }),
});
const readPod = (name: string) => kubectlJson(target, podSchema, ['get', 'pod', name]);

testOnRequest(
  'on tainted nodes deploy refuses, names the taint and the setting, and with it pods come back',
  async () => {
    const before = await readPod('loki-0');
    try {
      await withTaint(async () => {
        const refusal = await deployWith({}).catch(messageOf);
        expect(refusal).toMatch(
          /^nodes: no node admits the pods of .*loki.*: taint mantis-e2e=dedicated:NoSchedule \(node/m,
        );
        expect(refusal).toContain(
          'set tolerations (all pods) or collector.tolerations in mantis.yaml to [{ key: mantis-e2e, operator: Equal, value: "dedicated", effect: NoSchedule }]',
        );
        expect(refusal).toContain('nothing was changed');
        expect(await readPod('loki-0')).toEqual(before);

        await deployWith({ tolerations });
        const placed = await readPod('loki-0');
        expect(placed.spec.tolerations).toContainEqual({ ...taint, operator: 'Equal' });
        await kubectl(target, ['delete', 'pod', 'loki-0', '--wait=true']);
        await waitForRollout(target, { timeoutSeconds: 180 });
        expect((await readPod('loki-0')).metadata.uid).not.toBe(placed.metadata.uid);
      });
    } finally {
      await deployWith({});
    }
    expect((await readPod('loki-0')).spec.tolerations).not.toContainEqual(
      expect.objectContaining({ key: taint.key }),
    );
  },
);

const quota = 'mantis-e2e-no-pods';

testOnRequest.each([
  ['StatefulSet', 'alertmanager'],
  ['Deployment', 'payments'],
])('the quota that refuses the pod of a %s is named', async (kind, name) => {
  const selector = `--selector=app.kubernetes.io/name=${name}`;
  await kubectl(target, ['create', 'quota', quota, '--hard=pods=0']);
  try {
    await kubectl(target, ['delete', 'pod', selector, '--wait=true']);
    const wait = waitForRollout(target, { timeoutSeconds: 120 });
    await expect(wait).rejects.toThrow(
      new RegExp(`^${name} gets no pod: FailedCreate: .*exceeded quota: ${quota}`),
    );
  } finally {
    await kubectl(target, ['delete', 'quota', quota]);
    // The controller would try again after a pause only.
    await kubectl(target, ['rollout', 'restart', `${kind.toLowerCase()}/${name}`]);
    await waitForRollout(target, { timeoutSeconds: 180 });
  }
});
