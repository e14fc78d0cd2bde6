import { kubectl } from '../../ops/cluster/kubectl.ts';
import { ourSelector } from '../../ops/cluster/pods.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { isReady, takeSnapshot } from '../../ops/cluster/workloads.ts';
import { leaseOf, readLease, writeLease } from '../../ops/deploy/state/lease.ts';
import { NotYet } from '../../ops/process/retry.ts';
import { eventually, session } from './cluster.ts';
import { mantis, type Started, startMantis } from './command.ts';

const { target } = session;
const quick = ['deploy', '--yes', '--no-doctor', '--wait', '4m'];
/** Images that never come, so that there is time to interrupt it. */
const stuck = { MANTIS_IMAGE_PREFIX: 'registry.invalid', MANTIS_LOKI_RETENTION: '40h' };

async function images(): Promise<string> {
  const template =
    '{{range .items}}{{range .spec.template.spec.containers}}{{.image}} {{end}}{{end}}';
  const args = ['get', 'statefulsets,deployments', ourSelector, `--output=go-template=${template}`];
  return kubectl(target, args);
}

const lokiConfig = () => kubectl(target, ['get', 'configmap/loki-config', '--output=yaml']);
const holder = async () => (await readLease(target))?.spec.holderIdentity;

const seen = (command: Started, text: string) =>
  eventually(text, async () => {
    if (!command.output().includes(text)) throw new NotYet(command.output());
  });

async function isAsBefore(before: string): Promise<void> {
  expect(await images()).toBe(before);
  expect(await lokiConfig()).not.toContain('retention_period: 40h');
  const { workloads } = await takeSnapshot(target);
  expect(workloads.every(isReady)).toBe(true);
  expect(await holder()).toBeUndefined();
}

beforeAll(async () => {
  expect(await mantis(quick)).toMatchObject({ code: 0 });
});

test('Ctrl-C while components are awaited goes back; meanwhile nobody else may deploy', async () => {
  const before = await images();
  const command = startMantis(quick, stuck);
  await seen(command, 'waiting for the components');
  const second = await mantis(quick);
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/ has been deploying to namespace .* since .*--force-unlock/);
  expect(second.stdout).not.toContain('objects applied');
  command.signal('SIGINT');
  const { code, stderr } = await command.ended;
  expect(stderr).toContain('It was rolled back: what was there before runs again');
  expect(code).toBe(130);
  await isAsBefore(before);
});

test('Ctrl-C in the middle of an apply goes back too', async () => {
  const before = await images();
  const command = startMantis(quick, stuck);
  await eventually('the first new object', async () => {
    if (!(await images()).includes('registry.invalid')) throw new NotYet(command.output());
  });
  command.signal('SIGTERM');
  const { code, stdout, stderr } = await command.ended;
  expect(stderr).toContain('It was rolled back');
  // What was being applied came to its end, and nothing after it was begun.
  expect(stdout).toMatch(/SIGTERM: going back.*objects applied/s);
  expect(stdout).not.toContain('waiting for the components');
  expect(code).toBe(143);
  await isAsBefore(before);
});

test('a second Ctrl-C ends at once, says how to go on, and that leads back', async () => {
  const before = await images();
  const command = startMantis(quick, stuck);
  await seen(command, 'waiting for the components');
  command.signal('SIGINT');
  await seen(command, 'going back to what was there before');
  command.signal('SIGINT');
  const { code, stderr } = await command.ended;
  expect(code).toBe(130);
  expect(stderr).toContain(`make deploy KUBE_CONTEXT=${target.context} brings it to`);
  expect(await holder()).toBeUndefined();
  expect(await mantis(quick)).toMatchObject({ code: 0 });
  await isAsBefore(before);
});

test('who died without a word keeps the next one off only until the lock is broken', async () => {
  const command = startMantis(quick, stuck);
  await seen(command, 'waiting for the components');
  command.signal('SIGKILL');
  await command.ended;
  const refused = await mantis(quick);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('has been deploying to');
  const forced = await mantis([...quick, '--force-unlock']);
  expect(forced).toMatchObject({ code: 0 });
  expect(forced.stderr).toMatch(/the lock of .* is broken/);
  await waitForRollout(target, { timeoutSeconds: 60, onReady: () => {} });
});

test('a holder that has long been silent is watched, and then counts as dead', async () => {
  const long = new Date(Date.now() - 3_600_000);
  const dead = { who: 'somebody@elsewhere (process 1)', doing: 'deploying to', since: long };
  const lease = await readLease(target);
  if (lease === undefined) throw new Error('there is no Lease');
  const input = JSON.stringify(leaseOf(lease, dead, long));
  await kubectl(target, ['replace', '--filename=-'], { input });
  const { code, stdout } = await mantis(quick);
  expect(stdout).toMatch(/somebody@elsewhere .* seems to be gone: watching/);
  expect(code).toBe(0);
  expect(await holder()).toBeUndefined();
});

test('who loses the lock stops, and takes nothing back', async () => {
  const command = startMantis(quick, stuck);
  await seen(command, 'waiting for the components');
  const bob = { who: 'bob@desk (process 1)', doing: 'deploying to', since: new Date() };
  await eventually('the lock to change hands', async () => {
    const taken = await writeLease(target, await readLease(target), bob);
    if (taken === undefined) throw new NotYet('it was renewed meanwhile');
  });
  const { code, stderr } = await command.ended;
  expect(code).toBe(1);
  expect(stderr).toContain('the lock was taken away: bob@desk');
  expect(await lokiConfig()).toContain('retention_period: 40h');
  expect(await holder()).toBe(bob.who);
  expect(await mantis([...quick, '--force-unlock'])).toMatchObject({ code: 0 });
});
