import { UserError } from './errors.ts';

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/**
 * A duration such as 90s, 5m or 1h, in seconds. A number alone is seconds.
 *
 * @throws UserError that names the variable it came from
 */
export function seconds(variable: string, written: string): number {
  const [, amount, unit = 's'] = /^(\d{1,6})([smh]?)$/.exec(written) ?? [];
  const result = Number(amount) * (units[unit || 's'] ?? 1);
  if (result > 0) return result;
  throw new UserError(`${variable} must be a duration such as 90s, 5m or 1h, got "${written}"`);
}
