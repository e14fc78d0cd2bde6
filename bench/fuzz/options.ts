import { UserError } from '../../ops/process/errors.ts';
import type { FuzzOptions } from './fuzz.ts';

/** @throws UserError that names the option, the value and what is allowed */
export function parseFuzz(given: {
  readonly seed: string;
  readonly requests: string;
}): FuzzOptions {
  const requests = parseWhole('--requests', given.requests, 1, 100_000);
  return { seed: parseWhole('--seed', given.seed, 0, 999_999), requests };
}

function parseWhole(option: string, value: string, min: number, max: number): number {
  if (/^\d{1,6}$/.test(value) && Number(value) >= min && Number(value) <= max) return Number(value);
  throw new UserError(`${option} must be a whole number from ${min} to ${max}, got "${value}"`);
}
