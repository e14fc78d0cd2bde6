import { Command } from '@commander-js/extra-typings';
import { testAlert } from '../alerting/test-alert.ts';
import { reportBudget } from '../budget/report.ts';
import { openSession } from '../cluster/open-session.ts';
import { status } from '../deploy/status.ts';
import { defaultTimeout, doctor } from '../doctor/doctor.ts';
import { contextOption, jsonOption, sshOption } from './options.ts';

export const statusCommand = new Command('status')
  .description('print components, volumes and URLs; exit with 1 if a component is not ready')
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => status(await openSession(options)));

export const doctorCommand = new Command('doctor')
  .description('follow telemetry through the stack; exit with 1 if a hop fails')
  .option('--timeout <duration>', 'timeout of each hop', defaultTimeout)
  .option('--inside', 'run in a pod of the cluster, with its DNS, Services and NetworkPolicies')
  .addOption(jsonOption)
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => doctor(await openSession(options), options));

export const budgetCommand = new Command('budget')
  .description('print what is ingested, how much disk it takes, and when volumes are full')
  .option('--over <duration>', 'range of the average rates', '1h')
  .addOption(jsonOption)
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => reportBudget(await openSession(options), options));

export const testAlertCommand = new Command('test-alert')
  .description('send a test alert through the stack, and print which receivers were notified')
  .option('--severity <name>', 'severity of the alert', 'warning')
  .addOption(contextOption)
  .action(async ({ severity, ...where }) => testAlert(await openSession(where), severity));
