import { Command } from '@commander-js/extra-typings';
import { openSession } from '../cluster/open-session.ts';
import { config } from '../deploy/config.ts';
import { deploy } from '../deploy/deploy.ts';
import { diff } from '../deploy/diff.ts';
import { undeploy } from '../deploy/undeploy.ts';
import { contextOption, forceUnlockOption, jsonOption, sshOption, yesOption } from './options.ts';

export const deployCommand = new Command('deploy')
  .description('deploy to any cluster, and roll back if that fails')
  .addOption(yesOption)
  .option('--dry-run', 'print the plan, and change nothing')
  .option('--ignore-checks', 'deploy although a requirement is not met; volumes stay protected')
  .option('--wait <duration>', 'timeout of the rollout', '10m')
  .option('--timeout <duration>', 'timeout of each hop of the doctor', '40s')
  .option('--no-doctor', 'skip the doctor')
  .addOption(forceUnlockOption)
  .addOption(jsonOption)
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => deploy(await openSession(options), options));

export const undeployCommand = new Command('undeploy')
  .description('remove Mantis from a cluster; its data is kept unless --volumes is given')
  .addOption(yesOption)
  .option('--volumes', "also delete the volumes, Grafana's login and the namespace")
  .addOption(forceUnlockOption)
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => undeploy(await openSession(options), options));

export const diffCommand = new Command('diff')
  .description('print what deploy would change')
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => diff(await openSession(options)));

export const configCommand = new Command('config')
  .description('print every setting, and where its value comes from')
  .addOption(jsonOption)
  .action(config);
