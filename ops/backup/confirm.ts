import { createInterface } from 'node:readline/promises';
import { UserError } from '../user-error.ts';

/**
 * Asks before something is lost. The answer is a word that nobody types by accident.
 *
 * @throws UserError unless the answer is that word, or where there is nobody to ask
 */
export async function confirm(question: string, word: string, flag: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UserError(`${question}\nthere is no terminal to ask at: ${flag} says yes beforehand`);
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await lines.question(`${question}\nType ${word} to go on: `);
    if (answer.trim() !== word) throw new UserError('nothing was changed');
  } finally {
    lines.close();
  }
}
