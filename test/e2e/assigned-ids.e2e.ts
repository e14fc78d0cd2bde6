import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { z } from 'zod';
import { synthesizeDeployment } from '../../charts/synth-local.ts';
import { applyManifests, applyNamespace } from '../../ops/cluster/apply.ts';
import { kubectl, kubectlJson } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { ensureSecrets } from '../../ops/cluster/secret.ts';
import { session } from './cluster.ts';
import { runMantis } from './command.ts';
import { describeOnRequest } from './on-request.ts';

/** A user of the range that OpenShift would assign to a namespace; no image knows it. */
const assigned = { runAsUser: 1_000_650_000, fsGroup: 1_000_650_000 };
const namespace = `${session.target.namespace}-e2e-ids`;
const target = { ...session.target, namespace };
/** Next to another stack, on one node. */
const small = { cpu: '10m' };
const { collector, prometheus, alertmanager, loki, tempo, grafana } = session.settings;
const settings = {
  ...session.settings,
  collector: { ...collector, ...small },
  prometheus: { ...prometheus, ...small },
  alertmanager: { ...alertmanager, ...small },
  loki: { ...loki, ...small },
  tempo: { ...tempo, ...small },
  grafana: { ...grafana, ...small },
  namespace,
  assignedUserIds: true,
  testApp: { ...session.settings.testApp, enabled: false },
};

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({ securityContext: z.object({ runAsUser: z.number() }) }),
    }),
  ),
});

/** The manifests with user ids in their pods, as OpenShift's admission adds them. */
function manifests(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mantis-'));
  synthesizeDeployment(settings, directory);
  for (const name of readdirSync(directory).filter((each) => each.endsWith('.yaml'))) {
    const file = join(directory, name);
    const objects = parseAllDocuments(readFileSync(file, 'utf8')).map((each) => each.toJS());
    for (const { spec } of objects) {
      const pod = spec?.template?.spec;
      if (pod !== undefined) Object.assign(pod.securityContext, assigned);
    }
    writeFileSync(file, objects.map((each) => stringify(each)).join('---\n'));
  }
  return directory;
}

describeOnRequest('user ids that the cluster assigns', () => {
  beforeAll(async () => {
    const directory = manifests();
    await applyNamespace(target, directory);
    await ensureSecrets(target);
    await applyManifests(target, directory);
  });

  afterAll(() => kubectl(target, ['delete', '--filename', manifests(), '--wait=false']));

  test('every component runs as a user that its image does not know', async () => {
    await waitForRollout(target, { timeoutSeconds: 240, onReady: () => {} });
    const { items } = await kubectlJson(target, podsSchema, ['get', 'pods']);
    expect(items).toHaveLength(6);
    for (const { spec } of items) expect(spec.securityContext.runAsUser).toBe(assigned.runAsUser);
  });

  test('the doctor finds no problem', async () => {
    const { code, stderr } = await runMantis(['doctor', '--timeout', '40s'], {
      MANTIS_NAMESPACE: namespace,
      MANTIS_TEST_APP_ENABLED: 'false',
    });
    expect({ code, stderr }).toMatchObject({ code: 0 });
  });
});
