import { Command } from '@commander-js/extra-typings';
import { testAlert } from '../app/test-alert.ts';
import { sessionOn } from '../cluster/open-session.ts';
import { contextOption } from './options.ts';

export const testAlertCommand = new Command('test-alert')
  .description('send one alert the whole way, and print who was notified')
  .option('--severity <name>', 'its severity', 'warning')
  .addOption(contextOption)
  .action(async ({ severity, ...where }) => testAlert(await sessionOn(where), severity));
