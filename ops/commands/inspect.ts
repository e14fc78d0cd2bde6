import { Command } from '@commander-js/extra-typings';
import { reportBudget } from '../budget/report.ts';
import { sessionOn } from '../cluster/open-session.ts';
import { status } from '../cluster/status.ts';
import { defaultTimeout, doctor } from '../doctor/doctor.ts';
import { contextOption, jsonOption, sshOption } from './options.ts';

export const statusCommand = new Command('status')
  .description('what runs, what is stored, where it is reached; exits 1 if not ready')
  .addOption(jsonOption)
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => status(await sessionOn(options), options));

export const doctorCommand = new Command('doctor')
  .description('follow telemetry through the stack; exits 1 if a hop fails')
  .option('--timeout <duration>', 'how long each hop may take', defaultTimeout)
  .option('--inside', 'run in a pod of the cluster: with its DNS, Services and NetworkPolicies')
  .addOption(jsonOption)
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => doctor(await sessionOn(options), options));

export const budgetCommand = new Command('budget')
  .description('what arrives, what it takes on disk, how long volumes last')
  .option('--over <duration>', 'over how long rates are taken', '1h')
  .addOption(jsonOption)
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => reportBudget(await sessionOn(options), options));
