import { Command } from '@commander-js/extra-typings';
import { openSession } from '../cluster/open-session.ts';
import { clearFaults, listFaults, startFault } from '../test-app/faults.ts';
import { addDefaultCommand } from './default-command.ts';
import { contextOption, sshOption } from './options.ts';

const start = new Command('start')
  .description('start a fault')
  .argument('[name]', 'name of the fault (see mantis fault list)', '')
  .argument('[options...]', 'options of the fault, such as rate=0.5')
  .option('--for <duration>', 'duration of the fault', '5m')
  .option('--role <name>', 'role of the test app (default: the one of the fault)')
  .addOption(contextOption)
  .action(async (name, options, flags) =>
    startFault(await openSession(flags), name, { ...flags, options }),
  );

const list = new Command('list')
  .description('list the active faults and the available ones')
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => listFaults(await openSession(options)));

const clear = new Command('clear')
  .description('end every fault')
  .addOption(sshOption)
  .addOption(contextOption)
  .action(async (options) => clearFaults(await openSession(options)));

export const faultCommand = addDefaultCommand(
  new Command('fault').description('inject a fault into the test app for a limited time'),
  start,
)
  .addCommand(list)
  .addCommand(clear);
