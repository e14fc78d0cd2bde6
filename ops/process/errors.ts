/**
 * An error that the user can fix. Its message says what happened, which setting or object it is
 * about and what to do; the CLI prints it without a stack trace and exits with 1.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}

/** The message of any thrown value, with that of its cause. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  // The message of fetch is only `fetch failed`; its cause has the reason.
  const { cause } = thrown;
  const reason = cause instanceof Error ? cause.message || codeOf(cause) : '';
  return reason === '' ? thrown.message : `${thrown.message}: ${reason}`;
}

/** An error of refused connections over both IPv4 and IPv6 has a code and no message. */
function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
