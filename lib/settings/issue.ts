import type { z } from 'zod';
import { asWritten } from './as-written.ts';

/** The mistakes of values in code, a line each. */
export function mistakesOf(issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return [`${issue.path.join('.')}: ${gotAndWanted(issue)}`];
    }
    return issue.keys.map((key) => `${[...issue.path, key].join('.')}: no such key`);
  });
}

/** What is wrong with a value: what was got, and what is wanted. */
export function gotAndWanted({ input, message }: z.core.$ZodIssue): string {
  const got = input === undefined ? 'nothing' : JSON.stringify(asWritten(input));
  return `got ${got}, wanted ${message.replace(/^Invalid input: expected (\w+).*$/, '$1')}`;
}
