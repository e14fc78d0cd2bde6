/**
 * Something the user can put right. Its message says what happened, which setting or object it is
 * about and what to do; the CLI prints it without a stack trace and exits with 1.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}

/** What any thrown thing has to say, in one piece. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  // `fetch failed` alone says nothing; why is said by the error below it.
  const { cause } = thrown;
  const below = cause instanceof Error ? cause.message || codeOf(cause) : '';
  return below === '' ? thrown.message : `${thrown.message}: ${below}`;
}

/** Where both families of addresses are refused, the error has a code and no message. */
function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
