import { z } from 'zod';
import { adminSecret } from '../../lib/grafana/grafana.ts';
import { kubectl, kubectlJson } from '../../ops/cluster/kubectl.ts';
import { mantisSelector } from '../../ops/cluster/pods.ts';
import { isReady, takeSnapshot } from '../../ops/cluster/workloads.ts';
import { session } from './cluster.ts';
import { runMantis } from './command.ts';

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

/** The objects with their generation, which increases with every change of the spec. */
async function generations(kinds = 'statefulsets,deployments,services') {
  const { items } = await kubectlJson(target, versionsSchema, ['get', kinds, mantisSelector]);
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
  const args = [
    'get',
    'statefulsets,deployments',
    mantisSelector,
    `--output=go-template=${template}`,
  ];
  return kubectl(target, args);
}

async function allReady(): Promise<void> {
  const { workloads } = await takeSnapshot(target);
  expect(workloads.filter((each) => !isReady(each)).map(({ metadata }) => metadata.name)).toEqual(
    [],
  );
}

const quick = ['--yes', '--wait', '4m', '--timeout', '35s'];

test('deploy applies the settings and checks that telemetry arrives', async () => {
  const { code, stdout, stderr } = await runMantis(['deploy', ...quick], {
    MANTIS_LOKI_RETENTION: '30h',
  });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toMatch(/to change: .*statefulset\/loki/);
  expect(stdout).toContain('none failed');
  expect(await lokiConfig()).toContain('retention_period: 30h');
  await allReady();
});

test('a dry run prints the changes and applies nothing', async () => {
  const before = await generations();
  const { code, stdout } = await runMantis(['deploy', '--dry-run'], {
    MANTIS_LOKI_RETENTION: '40h',
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/to change: .*loki/);
  expect(stdout).toContain('nothing was changed');
  expect(await generations()).toEqual(before);
  expect(await lokiConfig()).toContain('retention_period: 30h');
});

test('without a terminal and --yes, nothing is deployed', async () => {
  const { code, stderr } = await runMantis(['deploy'], { MANTIS_LOKI_RETENTION: '40h' });
  expect(code).toBe(1);
  expect(stderr).toContain('add --yes');
  expect(await lokiConfig()).toContain('retention_period: 30h');
});

test('a changed volume size is refused before anything is applied, with the commands for it', async () => {
  const before = await generations();
  const variables = { MANTIS_LOKI_STORAGE: '11Gi', MANTIS_LOKI_RETENTION: '40h' };
  const { code, stderr } = await runMantis(['deploy', '--yes', '--ignore-checks'], variables);
  expect(code).toBe(1);
  expect(stderr).toContain('loki from 10Gi to 11Gi');
  expect(stderr).toContain('delete statefulset loki --cascade=orphan');
  expect(await generations()).toEqual(before);
  expect(await lokiConfig()).toContain('retention_period: 30h');
});

test('a deployment that does not become ready is rolled back', async () => {
  const before = await images();
  const variables = { MANTIS_IMAGE_PREFIX: 'registry.invalid', MANTIS_LOKI_RETENTION: '40h' };
  const { code, stderr } = await runMantis(['deploy', '--yes', '--wait', '20s'], variables);
  expect(code).toBe(1);
  expect(stderr).toContain('the deployment failed');
  expect(stderr).toContain('It was rolled back');
  expect(await images()).toBe(before);
  expect(await lokiConfig()).toContain('retention_period: 30h');
  await allReady();
});

test('undeploy and deploy keep the volumes and the login', async () => {
  const stored = () => uidsOf('persistentvolumeclaims', mantisSelector);
  const login = () => uidsOf('secrets', `--field-selector=metadata.name=${adminSecret.name}`);
  const before = [await stored(), await login()];
  const removed = await runMantis(['undeploy', '--yes']);
  expect(removed).toMatchObject({ code: 0 });
  expect((await takeSnapshot(target)).workloads).toEqual([]);
  expect([await stored(), await login()]).toEqual(before);
  const { code, stderr } = await runMantis(['deploy', ...quick]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect([await stored(), await login()]).toEqual(before);
  expect(await lokiConfig()).not.toContain('retention_period: 30h');
  await allReady();
});
