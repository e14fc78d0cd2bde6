import type { Command } from 'commander';
import { type BudgetOptions, reportBudget } from './budget/report.ts';
import { forceUnlockOption } from './context-option.ts';
import { config } from './deploy/config.ts';
import { type DeployOptions, deploy } from './deploy/deploy.ts';
import { diff } from './deploy/diff.ts';
import { type UndeployOptions, undeploy } from './deploy/undeploy.ts';
import { type DoctorOptions, defaultTimeout, doctor } from './doctor/doctor.ts';
import { type OnCluster, onCluster, sessionOn } from './on-cluster.ts';
import { status } from './status.ts';

/** The commands for a stack that is there, or is to be, on any cluster. */
export function addDayTwo(program: Command): void {
  onCluster(
    program
      .command('doctor')
      .description('follow telemetry through the stack; exits 1 if a hop fails')
      .option('--timeout <duration>', 'how long each hop may take', defaultTimeout)
      .option('--inside', 'look from a pod of the cluster: by DNS, Services and NetworkPolicies')
      .option('--json', 'print one JSON document'),
  ).action(async (options: DoctorOptions & OnCluster) => doctor(await sessionOn(options), options));

  onCluster(
    program
      .command('budget')
      .description('what comes in, what it takes on disk, how long volumes last')
      .option('--over <duration>', 'over how long rates are taken', '1h')
      .option('--json', 'print one JSON document'),
  ).action(async (options: BudgetOptions & OnCluster) =>
    reportBudget(await sessionOn(options), options),
  );

  onCluster(
    program
      .command('deploy')
      .description('bring a cluster to what the settings say, or back to what was there before')
      .option('--yes', 'do not ask')
      .option('--dry-run', 'say what would change, let the API server judge it, change nothing')
      .option('--ignore-checks', 'go on although a requirement is not met; volumes stay protected')
      .option('--wait <duration>', 'how long components may take to become ready', '10m')
      .option('--timeout <duration>', 'how long each hop of the doctor may take', '40s')
      .option('--no-doctor', 'do not send telemetry through the stack afterwards')
      .option(...forceUnlockOption)
      .option('--json', 'print one JSON document'),
  ).action(async (options: DeployOptions & OnCluster) => deploy(await sessionOn(options), options));

  onCluster(
    program
      .command('undeploy')
      .description('remove what Mantis runs; what it stores stays unless --volumes is given')
      .option('--yes', 'do not ask')
      .option('--volumes', 'also delete all that is stored, the login and the namespace')
      .option(...forceUnlockOption),
  ).action(async (options: UndeployOptions & OnCluster) =>
    undeploy(await sessionOn(options), options),
  );

  onCluster(
    program
      .command('diff')
      .description('print what deploy would change')
      .option('--json', 'print one JSON document'),
  ).action(async (options: OnCluster & { json?: true }) => diff(await sessionOn(options), options));

  onCluster(
    program
      .command('status')
      .description('what runs, what is stored, where it is reached; exits 1 if not ready')
      .option('--json', 'print one JSON document'),
  ).action(async (options: OnCluster & { json?: true }) =>
    status(await sessionOn(options), options),
  );

  program
    .command('config')
    .description('print every setting in force, and where it comes from')
    .option('--json', 'print JSON')
    .action(config);
}
