import { parseWhole } from '../delivery/whole-number.ts';
import type { FuzzOptions } from './fuzz.ts';

/** @throws UserError that names the option, the value and what is allowed */
export function parseFuzz(given: {
  readonly seed: string;
  readonly requests: string;
}): FuzzOptions {
  const requests = parseWhole('--requests', given.requests, 1, 100_000);
  return { seed: parseWhole('--seed', given.seed, 0, 999_999), requests };
}
