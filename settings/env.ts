import { z } from 'zod';
import { settingsSchema } from '../lib/schema.ts';
import { variableName } from './renamed.ts';

/** A MANTIS_* variable, the path of its setting, and the parser of its value. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly path: readonly string[];
  readonly description: string;
  readonly default: unknown;
  readonly parse: (text: string) => unknown;
}

export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Record<string, JsonSchema>;
  readonly description?: string;
  readonly default?: unknown;
}

/** The JSON schema of mantis.yaml, for editors and generated documents. */
export function settingsJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(settingsSchema, { io: 'input' });
  return { ...schema, title: 'Mantis settings (mantis.yaml)' } as JsonSchema;
}

/**
 * Every setting that is a single value, as an environment variable: `loki.retention` is
 * MANTIS_LOKI_RETENTION. Lists and maps can only be written in the file.
 */
export function environmentVariables(): EnvironmentVariable[] {
  return variablesBelow(settingsJsonSchema(), []);
}

/** Every setting, including lists and maps, with its default as it is written in mantis.yaml. */
export function settingDefaults(): {
  readonly path: readonly string[];
  readonly default: unknown;
}[] {
  const walk = (schema: JsonSchema, path: readonly string[]): ReturnType<typeof settingDefaults> =>
    schema.properties === undefined
      ? [{ path, default: schema.default }]
      : Object.entries(schema.properties).flatMap(([key, below]) => walk(below, [...path, key]));
  return walk(settingsJsonSchema(), []);
}

function variablesBelow(schema: JsonSchema, path: readonly string[]): EnvironmentVariable[] {
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([key, value]) =>
      variablesBelow(value, [...path, key]),
    );
  }
  const parse = schema.type === undefined ? undefined : parsers[schema.type];
  if (parse === undefined) return [];
  const name = variableName(path);
  return [{ name, path, description: schema.description ?? '', default: schema.default, parse }];
}

/**
 * Text that is no number or boolean is returned unchanged, so that the schema refuses it with the
 * name of the setting.
 */
const parsers: Record<string, (text: string) => unknown> = {
  string: (text) => text,
  integer: (text) => (/^-?\d+$/.test(text) ? Number(text) : text),
  number: (text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text),
  boolean: (text) => ({ true: true, false: false })[text] ?? text,
};
