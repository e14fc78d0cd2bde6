import { UserError } from '../../ops/process/errors.ts';

/** @throws UserError that names the option, the value and what is allowed */
export function parseWhole(option: string, value: string, min: number, max: number): number {
  if (/^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max) return Number(value);
  throw new UserError(`${option} must be a whole number from ${min} to ${max}, got "${value}"`);
}
