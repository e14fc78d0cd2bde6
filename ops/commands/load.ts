import { Command } from '@commander-js/extra-typings';
import { openSession } from '../cluster/open-session.ts';
import { runLoadTest, startBackgroundLoad, stopLoadTest } from '../test-app/load.ts';
import { addDefaultCommand } from './default-command.ts';
import { contextOption, sshOption } from './options.ts';

const start = new Command('start')
  .description('run a load test and print its output')
  .option('--rate <number>', 'journeys started per second', '5')
  .option('--duration <duration>', 'duration of the test', '2m')
  .option('--mix <name>', 'mix of journeys', 'default')
  .addOption(contextOption)
  .action(async (options) => runLoadTest(await openSession(options), options));

const stop = new Command('stop')
  .description('stop a load test')
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => stopLoadTest(await openSession(options)));

export const loadCommand = addDefaultCommand(
  new Command('load').description('run a k6 load test against the test app, in the cluster'),
  start,
).addCommand(stop);

export const demoCommand = new Command('demo')
  .description('deploy a light background load on the test app')
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => startBackgroundLoad(await openSession(options)));
