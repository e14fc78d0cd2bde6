import { Command } from '@commander-js/extra-typings';
import { clearFaults, listFaults, startFault } from '../app/faults.ts';
import { sessionOn } from '../cluster/open-session.ts';
import { contextOption, sshOption } from './options.ts';

const start = new Command('start')
  .description('break the test app in one way, for a while')
  .argument('[name]', 'which fault; without it they are listed', '')
  .argument('[options...]', 'its options, such as rate=0.5')
  .option('--for <duration>', 'how long', '5m')
  .option('--role <name>', 'in which role (default: the one that shows it best)')
  .addOption(contextOption)
  .action(async (name, options, flags) =>
    startFault(await sessionOn(flags), name, { ...flags, options }),
  );

const list = new Command('list')
  .description('list the active faults and those there are')
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => listFaults(await sessionOn(options)));

const clear = new Command('clear')
  .description('end all faults')
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => clearFaults(await sessionOn(options)));

export const faultCommand = new Command('fault')
  .description('break the test app for a while')
  .addCommand(start, { isDefault: true })
  .addCommand(list)
  .addCommand(clear);
