/** A variable that the app cannot start with; the message is all that its user needs. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';

  constructor(variable: string, value: string | undefined, allowed: string) {
    const got = value === undefined ? 'nothing' : JSON.stringify(value);
    super(`${variable} must be ${allowed}, got ${got}`);
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** One of a few words. */
export function readChoice<T extends string>(
  env: Environment,
  variable: string,
  choices: readonly T[],
  fallback: T,
): T {
  const value = env[variable] ?? fallback;
  const choice = choices.find((known) => known === value);
  if (choice === undefined) {
    throw new EnvironmentError(variable, value, `one of ${choices.join(', ')}`);
  }
  return choice;
}

/** A TCP port; 0 lets the system choose a free one. */
export function readPort(env: Environment, variable: string, fallback: number): number {
  const value = env[variable] ?? String(fallback);
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65535) {
    throw new EnvironmentError(variable, value, 'a port from 0 to 65535');
  }
  return Number(value);
}

/** The base URL of another role. It has no default: a guess would only fail later, per request. */
export function readUrl(env: Environment, variable: string, example: string): URL {
  const value = env[variable];
  const url = value !== undefined && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new EnvironmentError(variable, value, `an http or https URL such as ${example}`);
  }
  return url;
}
