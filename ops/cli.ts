import { Command } from '@commander-js/extra-typings';
import { commands } from './commands/index.ts';
import { runProgram } from './run-program.ts';

const program = new Command('mantis').description('Operates Mantis on a cluster');
for (const [heading, group] of Object.entries(commands)) {
  for (const command of group) program.addCommand(command.helpGroup(heading));
}
await runProgram(program);
