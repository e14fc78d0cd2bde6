import { createInterface } from 'node:readline/promises';
import { UserError } from './errors.ts';

/**
 * Asks for confirmation, unless `yes` is set.
 *
 * @throws UserError if the answer is not yes, or standard input is no terminal
 */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  const noTerminal = `${question} Standard input is not a terminal: add --yes (YES=1 with make)`;
  const answer = await ask(`${question} [y/N] `, noTerminal);
  if (!/^y(es)?$/i.test(answer)) throw new UserError('nothing was changed');
}

/**
 * Asks for confirmation before data is deleted: the user has to type a given word.
 *
 * @param flag the option that confirms without a question
 * @throws UserError if the answer is not that word, or standard input is no terminal
 */
export async function confirmDataLoss(question: string, word: string, flag: string): Promise<void> {
  const noTerminal = `${question}\nStandard input is not a terminal: add ${flag} to confirm`;
  const answer = await ask(`${question}\nType ${word} to continue: `, noTerminal);
  if (answer !== word) throw new UserError('nothing was changed');
}

/** @param noTerminal the error message where standard input is no terminal */
async function ask(prompt: string, noTerminal: string): Promise<string> {
  if (!process.stdin.isTTY) throw new UserError(noTerminal);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // While readline reads, Ctrl-C is a key press and no signal.
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return (await terminal.question(prompt)).trim();
  } finally {
    terminal.close();
  }
}
