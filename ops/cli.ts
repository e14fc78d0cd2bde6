#!/usr/bin/env node
import { Command } from '@commander-js/extra-typings';
import { version } from '../lib/model/version.ts';
import { commands, hiddenCommands } from './commands/index.ts';
import { runProgram } from './run-program.ts';

const program = new Command('mantis')
  .description('Deploys and operates Mantis on a Kubernetes cluster')
  .version(version);
for (const [heading, group] of Object.entries(commands)) {
  for (const command of group) program.addCommand(command.helpGroup(heading));
}
for (const command of hiddenCommands) program.addCommand(command, { hidden: true });
await runProgram(program);
