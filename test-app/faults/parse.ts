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
  const { amounts, texts }: Fault = catalogue[name];
  const { for: wanted, ...given } = isRecord(body) ? body : {};
  const unknown = Object.keys(given).find((key) => !(key in amounts) && !(key in texts));
  if (unknown !== undefined) {
    const allowed = ['for', ...Object.keys(amounts), ...Object.keys(texts)];
    throw refuse(`options of ${name} must be among ${allowed.join(', ')}`, unknown);
  }
  const seconds = amount('for', wanted, duration);
  if (seconds === 0) throw refuse(`for must be a number above 0, up to ${duration.max}`, wanted);
  return {
    name,
    seconds,
    options: Object.fromEntries([
      ...Object.entries(amounts).map(([key, limits]) => [key, amount(key, given[key], limits)]),
      ...Object.entries(texts).map(([key, allowed]) => [key, text(key, given[key], allowed)]),
    ]),
  };
}

function amount(key: string, value: unknown, { fallback, max }: { fallback: number; max: number }) {
  const number = Number(value ?? fallback);
  if (Number.isFinite(number) && number >= 0 && number <= max && value !== '') return number;
  throw refuse(`${key} must be a number from 0 to ${max}`, value);
}

function text(key: string, value: unknown, { fallback, choices }: Fault['texts'][string]): string {
  const chosen = value ?? fallback;
  if (typeof chosen === 'string' && (choices?.includes(chosen) ?? true)) return chosen;
  throw refuse(`${key} must be ${choices ? `one of ${choices.join(', ')}` : 'a text'}`, value);
}

function refuse(rule: string, got: unknown): InvalidRequest {
  return new InvalidRequest(`${rule}, got ${JSON.stringify(got) ?? 'nothing'}`);
}
