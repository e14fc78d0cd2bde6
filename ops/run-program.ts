import { join } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { SettingsError } from '../lib/settings/error.ts';
import { UserError } from './process/errors.ts';
import { Interrupted } from './process/interruptible.ts';
import { listenToSignals } from './process/signals.ts';

/**
 * Runs a program of commands from the root of the repository. What a user can do something about
 * is one line on standard error and exit code 1; an interrupted command ends as a shell expects.
 */
export async function runProgram(program: CommandUnknownOpts): Promise<void> {
  process.chdir(join(import.meta.dirname, '..'));
  listenToSignals();
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof UserError || error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
  }
}
