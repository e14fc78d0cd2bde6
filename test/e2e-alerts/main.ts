import { Argument, program } from 'commander';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { loadSession } from '../../ops/cluster/session.ts';
import { messageOf, UserError } from '../../ops/process/errors.ts';
import { formatTable, print } from '../../ops/process/output.ts';
import { clearFaults } from '../../ops/test-app/faults.ts';
import { startCustomers } from '../e2e/cluster.ts';
import { AlertReceiver } from './alert-receiver.ts';
import { AlertWatcher } from './alert-watcher.ts';
import { failedTimelines, report, runScenarios } from './run-scenarios.ts';
import {
  brokenSettingsScenario,
  faultRounds,
  notReproducible,
  podKillRounds,
} from './scenarios.ts';
import { soak } from './soak.ts';
import { alertTestSettings, brokenSettings, deploySettings } from './test-settings.ts';

/**
 * Makes every alert fire on a running cluster, waits for its notification at a webhook, ends the fault,
 * and waits for the resolved notification. Shards run a part of the scenarios.
 */
const session = loadSession();
const { target } = session;

const shards = {
  faults: faultRounds,
  start: [[brokenSettingsScenario]],
  kills: podKillRounds,
} as const;

const setBadRule = (text: string | null) =>
  kubectl(target, [
    'patch',
    'configmap',
    'prometheus-rules',
    '--type=merge',
    `--patch=${JSON.stringify({ data: { 'bad.yaml': text } })}`,
  ]);

async function runShards(names: readonly (keyof typeof shards)[]): Promise<void> {
  const receiver = await AlertReceiver.deploy(session);
  const watcher = new AlertWatcher(session);
  const settings = alertTestSettings(session.settings);
  try {
    const withBrokenSettings = names.includes('start');
    print(
      `deploying settings with short alert times${withBrokenSettings ? ' and three faults' : ''}`,
    );
    if (withBrokenSettings)
      await setBadRule('groups: [{ name: bad, rules: [{ record: bad, expr: up * on () up }] }]');
    await deploySettings(
      session,
      withBrokenSettings ? alertTestSettings(session.settings, brokenSettings) : settings,
    );
    const repair = async () => {
      await setBadRule(null);
      await deploySettings(session, settings);
    };
    const lines = await runScenarios(
      names.flatMap((name) => shards[name]),
      { session, receiver, watcher, repair },
    );
    const watchdog = (await receiver.received()).some(
      ({ alert }) => alert.labels.alertname === 'Watchdog',
    );
    print(`\nSeconds from the start of the fault; for RESOLVED, from its end:\n${report(lines)}`);
    print(`\nNot reproducible on kind:\n${formatTable(Object.entries(notReproducible))}`);
    const bad = failedTimelines(lines).map(({ expected }) => expected.alert);
    if (!watchdog) throw new UserError('no notification of the Watchdog arrived');
    if (bad.length > 0) throw new UserError(`failed: ${bad.join(', ')}`);
  } finally {
    print('\nrestoring the cluster');
    await watcher.disconnect();
    await receiver.close();
    await setBadRule(null);
    await deploySettings(session, session.settings);
    await startCustomers();
    await clearFaults(session);
    await AlertReceiver.remove(session);
  }
}

program
  .addArgument(new Argument('[shard]').choices(['all', 'soak', ...Object.keys(shards)]))
  .action(async (shard: 'all' | 'soak' | keyof typeof shards = 'all') => {
    if (shard === 'soak' || shard === 'all') await soak(session);
    if (shard === 'all') await runShards(['start', 'faults', 'kills']);
    else if (shard !== 'soak') await runShards([shard]);
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
