import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { run } from '../../ops/process/run.ts';
import { eventually, session } from './cluster.ts';
import { runMantis, startMantis } from './command.ts';

const { target } = session;
const lokiConfig = () => kubectl(target, ['get', 'configmap/loki-config', '--output=yaml']);
let before: string;

beforeAll(async () => {
  before = await lokiConfig();
});

/** Expects that deploy refuses with this message and changes nothing. */
async function expectRefused(
  message: RegExp,
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const all = { MANTIS_LOKI_RETENTION: '77h', ...variables };
  const { code, stderr } = await runMantis(['deploy', '--yes'], all);
  expect(stderr).toMatch(message);
  expect(stderr).toContain('nothing was changed');
  expect(code).toBe(1);
  expect(await lokiConfig()).toBe(before);
}

test('no default StorageClass', async () => {
  const isDefault = 'storageclass.kubernetes.io/is-default-class';
  const names = await kubectl(target, ['get', 'storageclass', '--output=name']);
  const classes = names.trim().split('\n');
  const mark = (value: string) =>
    kubectl(target, ['annotate', '--overwrite', ...classes, `${isDefault}=${value}`]);
  await mark('false');
  try {
    await expectRefused(
      /^StorageClass: no class is the default; there are .*\n {2}name one in storage/m,
    );
  } finally {
    // kind has only one StorageClass.
    await mark('true');
  }
});

test('too little memory on the nodes', () =>
  expectRefused(/^capacity: .* GiB requested, .* GiB free\n {2}add a node, or lower/m, {
    MANTIS_LOKI_MEMORY: '4Ti',
    MANTIS_LOKI_MEMORY_LIMIT: '4Ti',
  }));

test('missing Secrets', () =>
  expectRefused(
    /^Secrets: there is no gone-one \(imagePullSecret\); there is no gone-two \(collector\.secret\)\n {2}create it/m,
    {
      MANTIS_IMAGE_PULL_SECRET: 'gone-one',
      MANTIS_COLLECTOR_SECRET: 'gone-two',
    },
  ));

const kubeconfig = z.looseObject({
  users: z.array(z.object({ name: z.string(), user: z.unknown() })),
});

test('missing permissions', async () => {
  const name = 'deploys-too-little';
  await kubectl(target, ['create', 'serviceaccount', name]);
  try {
    const token = (await kubectl(target, ['create', 'token', name])).trim();
    const args = ['config', 'view', '--raw', '--minify', '--context', target.context];
    const config = kubeconfig.parse(JSON.parse(await run('kubectl', [...args, '--output=json'])));
    const users = config.users.map((each) => ({ ...each, user: { token } }));
    const file = join(mkdtempSync(join(tmpdir(), 'mantis-')), 'config');
    writeFileSync(file, stringify({ ...config, users }), { mode: 0o600 });
    await expectRefused(
      /^permissions: you may not .*clusterroles.*\n {2}use a context with these permissions/m,
      {
        KUBECONFIG: file,
      },
    );
  } finally {
    await kubectl(target, ['delete', 'serviceaccount', name]);
  }
});

test('a port in use causes a warning, and another one is used', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const command = startMantis(['port-forward'], { MANTIS_KIND_HOST_PORTS_GRAFANA: `${port}` });
  try {
    await eventually('the connections', async () => {
      if (!command.output().includes('Ctrl-C closes')) throw new RetryLater(command.output());
    });
    const output = command.output();
    const mapped = /grafana +http:\/\/localhost:\d+ \(mapped by kind\)/.test(output);
    // If kind maps the port, none is chosen.
    if (!mapped) expect(output).toContain(`port ${port} is in use, so grafana gets another one`);
    expect(output).toMatch(/grafana +http:\/\/localhost:\d+/);
    expect(output).not.toContain(`http://localhost:${port}`);
  } finally {
    command.signal('SIGINT');
    await command.ended;
    server.close();
  }
});
