import { z } from 'zod';
import { adminSecret } from '../../lib/grafana/grafana.ts';
import { kubectl, kubectlJson } from '../../ops/cluster/kubectl.ts';
import { ourSelector } from '../../ops/cluster/pods.ts';
import { isReady, takeSnapshot } from '../../ops/cluster/workloads.ts';
import { session } from './cluster.ts';
import { mantis } from './command.ts';

const { target } = session;

const versionsSchema = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      metadata: z.object({
        name: z.string(),
        uid: z.string(),
        generation: z.number().optional(),
      }),
    }),
  ),
});

/** What there is, with the number that grows with every change of what is wanted. */
async function generations(kinds = 'statefulsets,deployments,services') {
  const { items } = await kubectlJson(target, versionsSchema, ['get', kinds, ourSelector]);
  return items.map(({ kind, metadata: { name, uid, generation } }) => [
    kind,
    name,
    uid,
    generation,
  ]);
}

async function uidsOf(kinds: string, ...names: string[]): Promise<unknown[]> {
  const { items } = await kubectlJson(target, versionsSchema, ['get', kinds, ...names]);
  return items.map(({ metadata }) => [metadata.name, metadata.uid]);
}

const lokiConfig = () => kubectl(target, ['get', 'configmap/loki-config', '--output=yaml']);

async function images(): Promise<string> {
  const template =
    '{{range .items}}{{range .spec.template.spec.containers}}{{.image}} {{end}}{{end}}';
  const args = ['get', 'statefulsets,deployments', ourSelector, `--output=go-template=${template}`];
  return kubectl(target, args);
}

async function allReady(): Promise<void> {
  const { workloads } = await takeSnapshot(target);
  expect(workloads.filter((each) => !isReady(each)).map(({ metadata }) => metadata.name)).toEqual(
    [],
  );
}

const quick = ['--yes', '--wait', '4m', '--timeout', '35s'];

test('a deployment applies what settings say, and sees telemetry arrive', async () => {
  const { code, stdout, stderr } = await mantis(['deploy', ...quick], {
    MANTIS_LOKI_RETENTION: '30h',
  });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toMatch(/to change: .*statefulset\/loki/);
  expect(stdout).toContain('none failed');
  expect(await lokiConfig()).toContain('retention_period: 30h');
  await allReady();
});

test('a dry run says what would change, and changes nothing', async () => {
  const before = await generations();
  const { code, stdout } = await mantis(['deploy', '--dry-run'], { MANTIS_LOKI_RETENTION: '40h' });
  expect(code).toBe(0);
  expect(stdout).toMatch(/to change: .*loki/);
  expect(stdout).toContain('nothing was changed');
  expect(await generations()).toEqual(before);
  expect(await lokiConfig()).toContain('retention_period: 30h');
});

test('without anybody to answer, nothing is deployed', async () => {
  const { code, stderr } = await mantis(['deploy'], { MANTIS_LOKI_RETENTION: '40h' });
  expect(code).toBe(1);
  expect(stderr).toContain('add --yes');
  expect(await lokiConfig()).toContain('retention_period: 30h');
});

test('a volume of another size is refused before anything is applied, with the way out', async () => {
  const before = await generations();
  const variables = { MANTIS_LOKI_STORAGE: '11Gi', MANTIS_LOKI_RETENTION: '40h' };
  const { code, stderr } = await mantis(['deploy', '--yes', '--ignore-checks'], variables);
  expect(code).toBe(1);
  expect(stderr).toContain('loki from 10Gi to 11Gi');
  expect(stderr).toContain('delete statefulset loki --cascade=orphan');
  expect(await generations()).toEqual(before);
  expect(await lokiConfig()).toContain('retention_period: 30h');
});

test('a deployment that cannot become ready is taken back, and says so', async () => {
  const before = await images();
  const variables = { MANTIS_IMAGE_PREFIX: 'registry.invalid', MANTIS_LOKI_RETENTION: '40h' };
  const { code, stderr } = await mantis(['deploy', '--yes', '--wait', '20s'], variables);
  expect(code).toBe(1);
  expect(stderr).toContain('the deployment failed');
  expect(stderr).toContain('It was rolled back');
  expect(await images()).toBe(before);
  expect(await lokiConfig()).toContain('retention_period: 30h');
  await allReady();
});

test('what is removed and deployed again has its volumes and its login', async () => {
  const stored = () => uidsOf('persistentvolumeclaims', ourSelector);
  const login = () => uidsOf('secrets', `--field-selector=metadata.name=${adminSecret.name}`);
  const before = [await stored(), await login()];
  const removed = await mantis(['undeploy', '--yes']);
  expect(removed).toMatchObject({ code: 0 });
  expect((await takeSnapshot(target)).workloads).toEqual([]);
  expect([await stored(), await login()]).toEqual(before);
  const { code, stderr } = await mantis(['deploy', ...quick]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect([await stored(), await login()]).toEqual(before);
  expect(await lokiConfig()).not.toContain('retention_period: 30h');
  await allReady();
});
