import { Argument, program } from 'commander';
import { clearFaults } from '../../ops/app/faults.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { openSession } from '../../ops/cluster/session.ts';
import { messageOf, UserError } from '../../ops/process/errors.ts';
import { say, table } from '../../ops/process/output.ts';
import { withCustomers } from '../e2e/cluster.ts';
import { drive, failed, report } from './drive.ts';
import { broken, deploy, profile } from './profile.ts';
import { Receiver } from './receiver.ts';
import { brokenFromTheStart, kills, rounds, unmade } from './scenarios.ts';
import { soak } from './soak.ts';
import { Watch } from './watch.ts';

/**
 * Makes every alert fire on a running cluster, sees it arrive at a webhook, ends its cause, and sees
 * it resolve; in shards, for those who have less time or more clusters.
 */
const session = openSession();
const { target } = session;

const shards = {
  faults: rounds,
  start: [[brokenFromTheStart]],
  kills,
} as const;

const badRule = (text: string | null) =>
  kubectl(target, [
    'patch',
    'configmap',
    'prometheus-rules',
    '--type=merge',
    `--patch=${JSON.stringify({ data: { 'bad.yaml': text } })}`,
  ]);

async function faults(names: readonly (keyof typeof shards)[]): Promise<void> {
  const receiver = await Receiver.deploy(session);
  const watch = new Watch(session);
  const sound = profile(session.settings);
  try {
    const wrong = names.includes('start');
    say(`deploying a profile with short times${wrong ? ', and three faults of its own' : ''}`);
    if (wrong)
      await badRule('groups: [{ name: bad, rules: [{ record: bad, expr: up * on () up }] }]');
    await deploy(session, wrong ? profile(session.settings, broken) : sound);
    const repair = async () => {
      await badRule(null);
      await deploy(session, sound);
    };
    const lines = await drive(
      names.flatMap((name) => shards[name]),
      { session, receiver, watch, repair },
    );
    const watchdog = (await receiver.received()).some(
      ({ alert }) => alert.labels.alertname === 'Watchdog',
    );
    say(`\nSeconds from the fault, and from its end:\n${report(lines)}`);
    say(`\nNot made here:\n${table(Object.entries(unmade))}`);
    const bad = failed(lines).map(({ expected }) => expected.alert);
    if (!watchdog) throw new UserError('the watchdog did not arrive');
    if (bad.length > 0) throw new UserError(`not as it should be: ${bad.join(', ')}`);
  } finally {
    say('\nputting everything back');
    await watch.disconnect();
    await receiver.close();
    await badRule(null);
    await deploy(session, session.settings);
    await withCustomers();
    await clearFaults(session);
    await Receiver.remove(session);
  }
}

program
  .addArgument(new Argument('[shard]').choices(['all', 'soak', ...Object.keys(shards)]))
  .action(async (shard: 'all' | 'soak' | keyof typeof shards = 'all') => {
    if (shard === 'soak' || shard === 'all') await soak(session);
    if (shard === 'all') await faults(['start', 'faults', 'kills']);
    else if (shard !== 'soak') await faults([shard]);
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
