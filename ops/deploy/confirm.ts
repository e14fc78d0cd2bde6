import { createInterface } from 'node:readline/promises';
import { UserError } from '../user-error.ts';

/**
 * Asks a person; anything but yes ends the command.
 *
 * @throws UserError when the answer is no, or nobody is there to answer
 */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) {
    throw new UserError(`${question} Nobody is there to answer: add --yes (YES=1 with make)`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('nothing was changed');
}
