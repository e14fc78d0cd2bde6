import { execFileSync } from 'node:child_process';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { isReady, takeSnapshot } from '../../ops/cluster/workloads.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { eventually, session } from './cluster.ts';
import { runMantis, startMantis } from './command.ts';
import { barePath, hasSshd, type SshServer, startSshServer } from './sshd.ts';

const { target } = session;
const started: SshServer[] = [];
let sshServer: SshServer;

async function start(path?: string): Promise<SshServer> {
  const sshd = await startSshServer(path);
  started.push(sshd);
  return sshd;
}

if (!hasSshd) console.warn('SKIPPED: there is no sshd (openssh-server) on this machine');
const overSsh = hasSshd ? describe : describe.skip;

overSsh('through the kubectl of another machine', () => {
  beforeAll(async () => {
    sshServer = await start();
  });

  afterAll(async () => {
    for (const sshd of started) sshd.stop();
    // Over ssh the cluster counts as remote, so the objects for kind were removed.
    expect(await runMantis(['deploy', '--yes', '--no-doctor'])).toMatchObject({ code: 0 });
  });

  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    runMantis([...args, '--ssh', sshServer.host], { ...sshServer.variables, ...more });
  const lokiConfig = () => kubectl(target, ['get', 'configmap/loki-config', '--output=yaml']);

  test('deploy applies the settings and checks that telemetry arrives', async () => {
    const { code, stdout, stderr } = await run(['deploy', '--yes', '--ignore-checks'], {
      MANTIS_LOKI_RETENTION: '30h',
    });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain('none failed');
    expect(stdout).toContain(`ssh -p ${sshServer.host.split(':')[1]} `);
    expect(await lokiConfig()).toContain('retention_period: 30h');
  });

  test('a failed deployment is rolled back', async () => {
    const { code, stderr } = await run(['deploy', '--yes', '--wait', '20s'], {
      MANTIS_IMAGE_PREFIX: 'registry.invalid',
      MANTIS_LOKI_RETENTION: '40h',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('It was rolled back');
    expect(await lokiConfig()).toContain('retention_period: 30h');
    const { workloads } = await takeSnapshot(target);
    expect(workloads.every(isReady)).toBe(true);
  });

  test('Ctrl-C rolls back too, over the same connection', async () => {
    const args = ['deploy', '--yes', '--ssh', sshServer.host];
    const command = startMantis(args, {
      ...sshServer.variables,
      MANTIS_IMAGE_PREFIX: 'registry.invalid',
    });
    await eventually('the wait for components', async () => {
      if (!command.output().includes('waiting for')) throw new RetryLater(command.output());
    });
    command.signal('SIGINT');
    const { code, stderr } = await command.ended;
    expect(stderr).toContain('It was rolled back');
    expect(code).toBe(130);
  });

  test('doctor, status and diff use the same cluster', async () => {
    expect(await run(['doctor', '--timeout', '35s'])).toMatchObject({ code: 0 });
    const { code, stdout } = await run(['status']);
    expect(code).toBe(0);
    expect(stdout).toContain(`context ${target.context} of `);
    const changed = await run(['diff'], { MANTIS_LOKI_RETENTION: '50h' });
    expect(changed.stdout).toMatch(/to change: .*configmap\/loki-config.*statefulset\/loki/);
  });

  test('no process stays on the other machine, however the command ends', async () => {
    const forwards = () =>
      execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.startsWith(`kubectl --context ${target.context} `));
    const command = startMantis(['port-forward', '--ssh', sshServer.host], sshServer.variables);
    await eventually('the connections', async () => {
      if (!command.output().includes('Ctrl-C closes')) throw new RetryLater(command.output());
    });
    expect(forwards().length).toBeGreaterThan(5);
    command.signal('SIGKILL');
    await command.ended;
    await eventually('the forwards to end', async () => {
      if (forwards().length > 0) throw new RetryLater(forwards().join('\n'));
    });
  });

  test('an unknown context is an error that lists the existing ones', async () => {
    const { code, stderr } = await run(['status', '--context', 'prod']);
    expect(stderr).toMatch(/has no context prod, but .*: name one with KUBE_CONTEXT or --context/);
    expect(stderr).toContain(target.context);
    expect(code).toBe(1);
  });

  test.each([
    [
      'an unknown host key',
      () => ({ variables: sshServer.without('host'), host: sshServer.host }),
      /(Host key verification failed|No .* host key is known).*: make sure that/,
    ],
    [
      'no accepted key',
      () => ({ variables: sshServer.without('key'), host: sshServer.host }),
      /Permission denied.*: make sure that/,
    ],
    [
      'a port without a server',
      () => ({ variables: sshServer.variables, host: 'ann@127.0.0.1:9' }),
      /ssh cannot connect to ann@127.0.0.1, port 9: .*refused/,
    ],
    [
      'an unknown host name',
      () => ({ variables: sshServer.variables, host: 'ann@no.such.invalid' }),
      /correct its name/,
    ],
    [
      'no kubectl',
      async () => {
        const bare = await start(barePath());
        return { variables: bare.variables, host: bare.host };
      },
      /there is no kubectl on .*: install it there/,
    ],
    [
      'an old kubectl',
      async () => {
        const old = `echo '{"clientVersion": {"gitVersion": "v1.20.1"}}'`;
        const bare = await start(barePath(old));
        return { variables: bare.variables, host: bare.host };
      },
      /on .*: kubectl 1.20.1 is too old: install 1.26 or newer/,
    ],
  ] as const)('%s is an error of one line', async (_what, given, message) => {
    const { variables, host } = await given();
    const { code, stderr } = await runMantis(['status', '--ssh', host], variables);
    expect(stderr).toMatch(message);
    expect(stderr.trim()).not.toContain('\n');
    expect(code).toBe(1);
  });
});
