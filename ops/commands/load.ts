import { Command } from '@commander-js/extra-typings';
import { demo, load, stopLoad } from '../app/load.ts';
import { sessionOn } from '../cluster/open-session.ts';
import { contextOption, sshOption } from './options.ts';

const start = new Command('start')
  .description('start a load test and follow it')
  .option('--rate <number>', 'journeys begun per second', '5')
  .option('--duration <duration>', 'how long', '2m')
  .option('--mix <name>', 'which journeys', 'default')
  .addOption(contextOption)
  .action(async (options) => load(await sessionOn(options), options));

const stop = new Command('stop')
  .description('end a load test')
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => stopLoad(await sessionOn(options)));

export const loadCommand = new Command('load')
  .description('drive the test app with k6, from within the cluster')
  .addCommand(start, { isDefault: true })
  .addCommand(stop);

export const demoCommand = new Command('demo')
  .description('keep a few simulated customers in the shop')
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => demo(await sessionOn(options)));
