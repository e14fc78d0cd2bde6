import { kubectl } from '../../ops/cluster/kubectl.ts';
import { mantisSelector } from '../../ops/cluster/pods.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { isReady, takeSnapshot } from '../../ops/cluster/workloads.ts';
import { buildLease, readLease, writeLease } from '../../ops/deploy/state/lease.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { eventually, session } from './cluster.ts';
import { type RunningCommand, runMantis, startMantis } from './command.ts';
import { isRequested, testOnRequest } from './on-request.ts';

const { target } = session;
const quick = ['deploy', '--yes', '--no-doctor', '--wait', '4m'];
/** Images that cannot be pulled, so that there is time to interrupt the deployment. */
const unpullableImages = { MANTIS_IMAGE_PREFIX: 'registry.invalid', MANTIS_LOKI_RETENTION: '40h' };

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

const lokiConfig = () => kubectl(target, ['get', 'configmap/loki-config', '--output=yaml']);
const holder = async () => (await readLease(target))?.spec.holderIdentity;

const waitForOutput = (command: RunningCommand, text: string) =>
  eventually(text, async () => {
    if (!command.output().includes(text)) throw new RetryLater(command.output());
  });

async function expectRolledBack(before: string): Promise<void> {
  expect(await images()).toBe(before);
  expect(await lokiConfig()).not.toContain('retention_period: 40h');
  const { workloads } = await takeSnapshot(target);
  expect(workloads.every(isReady)).toBe(true);
  expect(await holder()).toBeUndefined();
}

beforeAll(async () => {
  if (!isRequested) return;
  expect(await runMantis(quick)).toMatchObject({ code: 0 });
});

testOnRequest(
  'Ctrl-C while waiting for pods rolls back, and meanwhile no other deployment can start',
  async () => {
    const before = await images();
    const command = startMantis(quick, unpullableImages);
    await waitForOutput(command, 'waiting for the components');
    const second = await runMantis(quick);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/ has been deploying to namespace .* since .*--force-unlock/);
    expect(second.stdout).not.toContain('objects applied');
    command.signal('SIGINT');
    const { code, stderr } = await command.ended;
    expect(stderr).toContain('It was rolled back: the previous revision is running');
    expect(code).toBe(130);
    await expectRolledBack(before);
  },
);

testOnRequest('SIGTERM during an apply rolls back too', async () => {
  const before = await images();
  const command = startMantis(quick, unpullableImages);
  await eventually('the first new object', async () => {
    if (!(await images()).includes('registry.invalid')) throw new RetryLater(command.output());
  });
  command.signal('SIGTERM');
  const { code, stdout, stderr } = await command.ended;
  expect(stderr).toContain('It was rolled back');
  // The apply that was running was completed, and the wait did not start.
  expect(stdout).toMatch(/SIGTERM: rolling back.*objects applied/s);
  expect(stdout).not.toContain('waiting for the components');
  expect(code).toBe(143);
  await expectRolledBack(before);
});

testOnRequest(
  'a second Ctrl-C exits at once and prints the command that finishes the rollback',
  async () => {
    const before = await images();
    const command = startMantis(quick, unpullableImages);
    await waitForOutput(command, 'waiting for the components');
    command.signal('SIGINT');
    await waitForOutput(command, 'rolling back to the previous revision');
    command.signal('SIGINT');
    const { code, stderr } = await command.ended;
    expect(code).toBe(130);
    expect(stderr).toContain(`./mantis deploy --context ${target.context} applies the settings`);
    expect(await holder()).toBeUndefined();
    expect(await runMantis(quick)).toMatchObject({ code: 0 });
    await expectRolledBack(before);
  },
);

testOnRequest('the lock of a killed process holds until --force-unlock', async () => {
  const command = startMantis(quick, unpullableImages);
  await waitForOutput(command, 'waiting for the components');
  command.signal('SIGKILL');
  await command.ended;
  const refused = await runMantis(quick);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('has been deploying to');
  const forced = await runMantis([...quick, '--force-unlock']);
  expect(forced).toMatchObject({ code: 0 });
  expect(forced.stderr).toMatch(/the lock was taken from /);
  await waitForRollout(target, { timeoutSeconds: 60, onReady: () => {} });
});

testOnRequest('a lock that is not renewed for long is taken over after a check', async () => {
  const long = new Date(Date.now() - 3_600_000);
  const dead = {
    identity: 'user@other-host (process 1)',
    operation: 'deploying to',
    since: long,
  };
  const lease = await readLease(target);
  if (lease === undefined) throw new Error('there is no Lease');
  const input = JSON.stringify(buildLease(lease, dead, long));
  await kubectl(target, ['replace', '--filename=-'], { input });
  const { code, stdout } = await runMantis(quick);
  expect(stdout).toMatch(/user@other-host .* its lock has expired: waiting/);
  expect(code).toBe(0);
  expect(await holder()).toBeUndefined();
});

testOnRequest('a deployment that loses the lock stops without a rollback', async () => {
  const command = startMantis(quick, unpullableImages);
  await waitForOutput(command, 'waiting for the components');
  const bob = { identity: 'bob@desk (process 1)', operation: 'deploying to', since: new Date() };
  await eventually('the lock to change hands', async () => {
    const taken = await writeLease(target, await readLease(target), bob);
    if (taken === undefined) throw new RetryLater('it was renewed meanwhile');
  });
  const { code, stderr } = await command.ended;
  expect(code).toBe(1);
  expect(stderr).toContain('the lock was lost: bob@desk');
  expect(await lokiConfig()).toContain('retention_period: 40h');
  expect(await holder()).toBe(bob.identity);
  expect(await runMantis([...quick, '--force-unlock'])).toMatchObject({ code: 0 });
});
