import { UserError } from './errors.ts';

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/**
 * Parses a duration such as 90s, 5m or 1h to seconds; a number without a unit is seconds.
 *
 * @param option the option it was given with, for the error message
 * @throws UserError if it is no duration above 0
 */
export function parseSeconds(option: string, value: string): number {
  const [, amount, unit = 's'] = /^(\d{1,6})([smh]?)$/.exec(value) ?? [];
  const result = Number(amount) * (units[unit || 's'] ?? 1);
  if (result > 0) return result;
  throw new UserError(`${option} must be a duration such as 90s, 5m or 1h, got "${value}"`);
}
