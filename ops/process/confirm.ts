import { createInterface } from 'node:readline/promises';
import { UserError } from './errors.ts';

/**
 * Asks a person; anything but yes ends the command.
 *
 * @throws UserError when the answer is no, or nobody is there to answer
 */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  const nobody = `${question} Nobody is there to answer: add --yes (YES=1 with make)`;
  requireAnswer(/^y(es)?$/i, await ask(`${question} [y/N] `, nobody));
}

/**
 * Asks before something is lost. The answer is a word that nobody types by accident.
 *
 * @throws UserError unless the answer is that word, or where there is nobody to ask
 */
export async function confirmLoss(question: string, word: string, flag: string): Promise<void> {
  const nobody = `${question}\nthere is no terminal to ask at: ${flag} says yes beforehand`;
  const answer = await ask(`${question}\nType ${word} to go on: `, nobody);
  requireAnswer(word, answer);
}

/** @param nobody what to say where there is no terminal */
async function ask(prompt: string, nobody: string): Promise<string> {
  if (!process.stdin.isTTY) throw new UserError(nobody);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // While it reads, the terminal gives it Ctrl-C as a key.
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return (await terminal.question(prompt)).trim();
  } finally {
    terminal.close();
  }
}

function requireAnswer(wanted: string | RegExp, answer: string): void {
  const given = typeof wanted === 'string' ? answer === wanted : wanted.test(answer);
  if (!given) throw new UserError('nothing was changed');
}
