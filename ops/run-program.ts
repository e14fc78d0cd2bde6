import { join } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { SettingsError } from '../lib/settings/error.ts';
import { readDotEnv } from './process/dot-env.ts';
import { UserError } from './process/errors.ts';
import { installSignalHandlers } from './process/exit-signals.ts';
import { Interrupted } from './process/interruptible.ts';
import { isCheckout, printError } from './process/output.ts';

/**
 * Runs a command line program, in the root of a checkout or in the directory in which the installed
 * package is called. The message of a user error is printed to
 * standard error without a stack trace. The exit code is 1 then, or 128 + n after signal n.
 */
export async function runProgram(program: CommandUnknownOpts): Promise<void> {
  if (isCheckout) process.chdir(join(import.meta.dirname, '..'));
  readDotEnv();
  installSignalHandlers();
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof UserError || error instanceof SettingsError)) throw error;
    printError(error.message);
    process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
  }
}
