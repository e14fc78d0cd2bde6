import { z } from 'zod';
import { volumeClaimName } from '../../lib/kubernetes/workload.ts';
import { kubectl, kubectlJson } from '../../ops/cluster/kubectl.ts';
import { runEngine } from '../../ops/local/engine.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { eventually, session } from './cluster.ts';
import { runDoctor, waitUntilReady } from './doctor.ts';
import { describeOnRequest } from './on-request.ts';

/** Needs a local kind cluster, whose volumes are directories of its node. */
const { settings, target } = session;
const node = `${settings.kind.clusterName}-control-plane`;

const claimSchema = z.object({ spec: z.object({ volumeName: z.string() }) });
const volumeSchema = z.object({
  spec: z.object({
    hostPath: z.object({ path: z.string() }).optional(),
    local: z.object({ path: z.string() }).optional(),
  }),
});

async function directoryOf(claim: string): Promise<string> {
  const { spec } = await kubectlJson(target, claimSchema, ['get', 'pvc', claim]);
  const volume = await kubectlJson(target, volumeSchema, ['get', 'pv', spec.volumeName]);
  const path = (volume.spec.hostPath ?? volume.spec.local)?.path;
  if (path === undefined) throw new Error('no directory');
  return path;
}

describeOnRequest('a volume of another user', () => {
  let directory = '';

  beforeAll(async () => {
    directory = await directoryOf(volumeClaimName('loki'));
    await runEngine(['exec', node, 'chmod', '0700', directory]);
    await runEngine(['exec', node, 'chown', 'root:root', directory]);
    await kubectl(target, ['delete', 'pod', 'loki-0']);
  });

  afterAll(async () => {
    await runEngine(['exec', node, 'chmod', '0777', directory]);
    await kubectl(target, ['delete', 'pod', 'loki-0']);
    await waitUntilReady();
  });

  test('the doctor names it, and the remedy', () =>
    eventually('the cause', async () => {
      const { report } = await runDoctor('2s');
      const causes = report.broken.map(({ cause }) => cause);
      if (causes.some((each) => /loki .*it may not write to its volume/s.test(each))) return;
      throw new RetryLater(causes.slice(0, 3).join('; '));
    }));
});
