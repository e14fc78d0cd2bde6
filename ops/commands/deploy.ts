import { Command } from '@commander-js/extra-typings';
import { sessionOn } from '../cluster/open-session.ts';
import { config } from '../deploy/config.ts';
import { deploy } from '../deploy/deploy.ts';
import { diff } from '../deploy/diff.ts';
import { undeploy } from '../deploy/undeploy.ts';
import { contextOption, forceUnlockOption, jsonOption, sshOption, yesOption } from './options.ts';

export const deployCommand = new Command('deploy')
  .description('bring a cluster to what the settings say, or back to what was there before')
  .addOption(yesOption)
  .option('--dry-run', 'print what would change, let the API server check it, change nothing')
  .option('--ignore-checks', 'go on although a requirement is not met; volumes stay protected')
  .option('--wait <duration>', 'how long components may take to become ready', '10m')
  .option('--timeout <duration>', 'how long each hop of the doctor may take', '40s')
  .option('--no-doctor', 'do not send telemetry through the stack afterwards')
  .addOption(forceUnlockOption)
  .addOption(jsonOption)
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => deploy(await sessionOn(options), options));

export const undeployCommand = new Command('undeploy')
  .description('remove what Mantis runs; what it stores stays unless --volumes is given')
  .addOption(yesOption)
  .option('--volumes', "also delete everything stored, Grafana's login and the namespace")
  .addOption(forceUnlockOption)
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => undeploy(await sessionOn(options), options));

export const diffCommand = new Command('diff')
  .description('print what deploy would change')
  .addOption(jsonOption)
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => diff(await sessionOn(options), options));

export const configCommand = new Command('config')
  .description('print every setting in force, and where it comes from')
  .addOption(jsonOption)
  .action(config);
