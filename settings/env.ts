import { z } from 'zod';
import { settingsSchema } from '../lib/schema.ts';

/** One MANTIS_* variable: the setting it stands for and how its text is read. */
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

/** The JSON schema of mantis.yaml, for editors and for the documents made from it. */
export function settingsJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(settingsSchema, { io: 'input' });
  return { ...schema, title: 'Mantis settings (mantis.yaml)' } as JsonSchema;
}

/**
 * Every setting that is a single value, as an environment variable: `loki.retention` is
 * MANTIS_LOKI_RETENTION. Lists and maps can only be written in the file.
 */
export function environmentVariables(): EnvironmentVariable[] {
  return leaves(settingsJsonSchema(), []);
}

/** Every setting, also lists and maps, with its default as one writes it. */
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

function leaves(schema: JsonSchema, path: readonly string[]): EnvironmentVariable[] {
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([key, value]) =>
      leaves(value, [...path, key]),
    );
  }
  const parse = schema.type === undefined ? undefined : parsers[schema.type];
  if (parse === undefined) return [];
  const name = ['MANTIS', ...path.map(constantCase)].join('_');
  return [{ name, path, description: schema.description ?? '', default: schema.default, parse }];
}

/** Leaves text that is no number or truth value as it is, for the schema to refuse by name. */
const parsers: Record<string, (text: string) => unknown> = {
  string: (text) => text,
  integer: (text) => (/^-?\d+$/.test(text) ? Number(text) : text),
  number: (text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text),
  boolean: (text) => ({ true: true, false: false })[text] ?? text,
};

function constantCase(key: string): string {
  return key.replace(/([A-Z])/g, '_$1').toUpperCase();
}
