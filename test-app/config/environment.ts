/** An invalid environment variable, with a complete message for the user. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';

  constructor(variable: string, value: string | undefined, allowed: string) {
    const got = value === undefined ? 'nothing' : JSON.stringify(value);
    super(`${variable} must be ${allowed}, got ${got}`);
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

export function readChoice<T extends string>(
  env: Environment,
  variable: string,
  choices: readonly T[],
  fallback: T,
): T {
  const value = env[variable] ?? fallback;
  const choice = choices.find((each) => each === value);
  if (choice === undefined) {
    throw new EnvironmentError(variable, value, `one of ${choices.join(', ')}`);
  }
  return choice;
}

/** A whole number within bounds; `what` names it in the error, as in "a port". */
export function readInteger(
  env: Environment,
  variable: string,
  { min, max, fallback, what }: { min: number; max: number; fallback: number; what: string },
): number {
  const value = env[variable] ?? String(fallback);
  const number = Number(value);
  if (!/^\d{1,10}$/.test(value) || number < min || number > max) {
    throw new EnvironmentError(variable, value, `${what} from ${min} to ${max}`);
  }
  return number;
}

/** A number from 0 up to a limit; fractions are allowed. */
export function readNumber(
  env: Environment,
  variable: string,
  { max, fallback }: { max: number; fallback: number },
): number {
  const value = env[variable] ?? String(fallback);
  const number = Number(value);
  if (!/^\d+(\.\d+)?$/.test(value) || number > max) {
    throw new EnvironmentError(variable, value, `a number from 0 to ${max}`);
  }
  return number;
}

/** A TCP port; 0 lets the system choose a free one. */
export function readPort(env: Environment, variable: string, fallback: number): number {
  return readInteger(env, variable, { min: 0, max: 65535, fallback, what: 'a port' });
}

/** The base URL of another role. Without a fallback it has to be given. */
export function readUrl(
  env: Environment,
  variable: string,
  example: string,
  fallback?: string,
): URL {
  const value = env[variable] ?? fallback;
  const url = value !== undefined && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new EnvironmentError(variable, value, `an http or https URL such as ${example}`);
  }
  return url;
}
