import { InvalidRequest } from '../http/problems.ts';
import { isRecord } from '../http/record.ts';
import { catalogue, duration, type Fault, type FaultName, faultNames } from './catalogue.ts';

/** A request to start a fault, with all options. */
export interface FaultRequest {
  readonly name: FaultName;
  readonly seconds: number;
  readonly options: Readonly<Record<string, number | string>>;
}

export function parseFaultName(name: string | undefined): FaultName {
  const known = faultNames.find((each) => each === name);
  if (known === undefined) throw refuse(`name must be one of ${faultNames.join(', ')}`, name);
  return known;
}

/**
 * Parses the body of a request: `for` in seconds, and the options of the fault.
 *
 * @throws InvalidRequest that names the first invalid option and its allowed values
 */
export function parseFault(fault: string | undefined, body: unknown): FaultRequest {
  const name = parseFaultName(fault);
  const { numbers, strings }: Fault = catalogue[name];
  const { for: wanted, ...given } = isRecord(body) ? body : {};
  const unknown = Object.keys(given).find((key) => !(key in numbers) && !(key in strings));
  if (unknown !== undefined) {
    const allowed = ['for', ...Object.keys(numbers), ...Object.keys(strings)];
    throw refuse(`options of ${name} must be among ${allowed.join(', ')}`, unknown);
  }
  const seconds = parseNumber('for', wanted, duration);
  if (seconds === 0) throw refuse(`for must be a number above 0, up to ${duration.max}`, wanted);
  return {
    name,
    seconds,
    options: Object.fromEntries([
      ...Object.entries(numbers).map(([key, limits]) => [
        key,
        parseNumber(key, given[key], limits),
      ]),
      ...Object.entries(strings).map(([key, allowed]) => [
        key,
        parseString(key, given[key], allowed),
      ]),
    ]),
  };
}

function parseNumber(
  key: string,
  value: unknown,
  { default: fallback, max }: Omit<Fault['numbers'][string], 'description'>,
) {
  const number = Number(value ?? fallback);
  if (Number.isFinite(number) && number >= 0 && number <= max && value !== '') return number;
  throw refuse(`${key} must be a number from 0 to ${max}`, value);
}

function parseString(
  key: string,
  value: unknown,
  { default: fallback, choices }: Fault['strings'][string],
): string {
  const chosen = value ?? fallback;
  if (typeof chosen === 'string' && (choices?.includes(chosen) ?? true)) return chosen;
  throw refuse(`${key} must be ${choices ? `one of ${choices.join(', ')}` : 'a text'}`, value);
}

function refuse(rule: string, got: unknown): InvalidRequest {
  return new InvalidRequest(`${rule}, got ${JSON.stringify(got) ?? 'nothing'}`);
}
