import { isRecord } from '../http/record.ts';
import { type Environment, EnvironmentError } from './environment.ts';

/** A dashboard in Grafana. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
}

/** A list of dashboards as JSON; none if the variable is unset. */
export function readDashboards(env: Environment, variable: string): readonly Dashboard[] {
  const text = env[variable] ?? '[]';
  const parsed = parseJson(text);
  if (Array.isArray(parsed) && parsed.every(isDashboard)) return parsed;
  throw new EnvironmentError(
    variable,
    text,
    'a JSON list of objects with the texts uid, title and description',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isDashboard(value: unknown): value is Dashboard {
  return (
    isRecord(value) &&
    [value.uid, value.title, value.description].every((each) => typeof each === 'string')
  );
}
