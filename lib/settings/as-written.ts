import { Duration, Size } from 'cdk8s';
import { formatDuration } from './units.ts';

/** A value of settings or props as it is written in mantis.yaml. */
export function asWritten(value: unknown): unknown {
  if (value instanceof Duration) return formatDuration(value);
  if (value instanceof Size) return value.asString();
  if (Array.isArray(value)) return value.map(asWritten);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, asWritten(each)]));
}
