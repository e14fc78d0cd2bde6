import { isRecord } from '../http/record.ts';

/** Names of fields whose value is always redacted. */
const secretFields = /card|password|secret|token|authorization|cookie|api.?key/i;

/** 13 to 19 digits, grouped or not: possible card numbers. */
const digitRuns = /\b\d(?:[ -]?\d){12,18}\b/g;

/**
 * Returns the fields of a log line that must be replaced to remove secrets and card numbers. Errors are
 * changed in place, because a copy would lose their type.
 */
export function redact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const masked: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (secretFields.test(key)) masked[key] = '[redacted]';
    else if (typeof value === 'string') masked[key] = withoutCards(value);
    else if (value instanceof Error) redactError(value);
    else if (isRecord(value)) masked[key] = { ...value, ...redact(value) };
  }
  return masked;
}

function redactError(error: Error): void {
  error.message = withoutCards(error.message);
  if (error.stack !== undefined) error.stack = withoutCards(error.stack);
  if (error.cause instanceof Error) redactError(error.cause);
}

function withoutCards(text: string): string {
  return text.replace(digitRuns, (run) => (isCard(run.replace(/\D/g, '')) ? '[card]' : run));
}

/** Verifies the check digit of a card number (ISO/IEC 7812-1, Luhn). */
function isCard(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
