import { execFileSync } from 'node:child_process';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { isReady, takeSnapshot } from '../../ops/cluster/workloads.ts';
import { NotYet } from '../../ops/process/retry.ts';
import { eventually, session } from './cluster.ts';
import { mantis, startMantis } from './command.ts';
import { barePath, hasSshd, type Sshd, startSshd } from './sshd.ts';

const { target } = session;
const started: Sshd[] = [];
let there: Sshd;

async function start(path?: string): Promise<Sshd> {
  const sshd = await startSshd(path);
  started.push(sshd);
  return sshd;
}

if (!hasSshd) console.warn('SKIPPED: there is no sshd (openssh-server) on this machine');
const overSsh = hasSshd ? describe : describe.skip;

overSsh('through the kubectl of another machine', () => {
  beforeAll(async () => {
    there = await start();
  });

  afterAll(async () => {
    for (const sshd of started) sshd.stop();
    // Over ssh the cluster is no local one, so what kind alone has was removed.
    expect(await mantis(['deploy', '--yes', '--no-doctor'])).toMatchObject({ code: 0 });
  });

  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    mantis([...args, '--ssh', there.host], { ...there.variables, ...more });
  const lokiConfig = () => kubectl(target, ['get', 'configmap/loki-config', '--output=yaml']);

  test('deploy changes what is asked for, and sees telemetry arrive', async () => {
    const { code, stdout, stderr } = await run(['deploy', '--yes', '--ignore-checks'], {
      MANTIS_LOKI_RETENTION: '30h',
    });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain('none failed');
    expect(stdout).toContain(`ssh -p ${there.host.split(':')[1]} `);
    expect(await lokiConfig()).toContain('retention_period: 30h');
  });

  test('what fails is taken back', async () => {
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

  test('Ctrl-C goes back as well: it does not end the connection', async () => {
    const args = ['deploy', '--yes', '--ssh', there.host];
    const command = startMantis(args, {
      ...there.variables,
      MANTIS_IMAGE_PREFIX: 'registry.invalid',
    });
    await eventually('the wait for components', async () => {
      if (!command.output().includes('waiting for')) throw new NotYet(command.output());
    });
    command.signal('SIGINT');
    const { code, stderr } = await command.ended;
    expect(stderr).toContain('It was rolled back');
    expect(code).toBe(130);
  });

  test('the doctor, status and diff see the same cluster', async () => {
    expect(await run(['doctor', '--timeout', '35s'])).toMatchObject({ code: 0 });
    const { code, stdout } = await run(['status', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ context: target.context, ready: true });
    const changed = await run(['diff', '--json'], { MANTIS_LOKI_RETENTION: '50h' });
    expect(JSON.parse(changed.stdout)).toMatchObject({
      changed: expect.arrayContaining(['statefulset/loki', 'configmap/loki-config']),
    });
  });

  test('however it ends, nothing of it goes on there', async () => {
    const forwards = () =>
      execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.startsWith(`kubectl --context ${target.context} `));
    const command = startMantis(['port-forward', '--ssh', there.host], there.variables);
    await eventually('the connections', async () => {
      if (!command.output().includes('Ctrl-C closes')) throw new NotYet(command.output());
    });
    expect(forwards().length).toBeGreaterThan(5);
    command.signal('SIGKILL');
    await command.ended;
    await eventually('the forwards to end', async () => {
      if (forwards().length > 0) throw new NotYet(forwards().join('\n'));
    });
  });

  test('a context that is not there is named, with those that are', async () => {
    const { code, stderr } = await run(['status', '--context', 'prod']);
    expect(stderr).toMatch(/has no context prod, but .*: name one with KUBE_CONTEXT or --context/);
    expect(stderr).toContain(target.context);
    expect(code).toBe(1);
  });

  test.each([
    [
      'a host key that is not known',
      () => ({ variables: there.without('host'), host: there.host }),
      /its key is not known here: connect once by hand/,
    ],
    [
      'no key that is taken',
      () => ({ variables: there.without('key'), host: there.host }),
      /it takes none of your keys/,
    ],
    [
      'nobody who answers',
      () => ({ variables: there.variables, host: 'ann@127.0.0.1:9' }),
      /ssh cannot connect to ann@127.0.0.1, port 9: .*refused/,
    ],
    [
      'no such name',
      () => ({ variables: there.variables, host: 'ann@no.such.invalid' }),
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
  ] as const)('%s is said in one line', async (_what, given, message) => {
    const { variables, host } = await given();
    const { code, stderr } = await mantis(['status', '--ssh', host], variables);
    expect(stderr).toMatch(message);
    expect(stderr.trim()).not.toContain('\n');
    expect(code).toBe(1);
  });
});
