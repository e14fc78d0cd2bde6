/**
 * Something the user can put right. Its message says what happened, which setting or object it is
 * about and what to do; the CLI prints it without a stack trace and exits with 1.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}

/** What any thrown thing has to say, in one piece. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
