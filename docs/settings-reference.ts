import { environmentVariables, settingsJsonSchema } from '../settings/env.ts';
import { markdownTable } from './markdown-table.ts';

interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
}

interface Setting {
  readonly key: string;
  readonly schema: SchemaNode;
}

function settings(schema: SchemaNode, path: readonly string[]): Setting[] {
  if (schema.properties === undefined) return [{ key: path.join('.'), schema }];
  return Object.entries(schema.properties).flatMap(([key, child]) =>
    settings(child, [...path, key]),
  );
}

/** Every setting: key, variable, default and meaning. */
export function settingsTable(): string {
  const variables = new Map(environmentVariables().map(({ name, path }) => [path.join('.'), name]));
  const code = (text: string | undefined, otherwise: string) =>
    text === undefined ? otherwise : `\`${text}\``;
  return markdownTable(
    ['Setting', 'Variable', 'Default', 'Meaning'],
    settings(settingsJsonSchema(), []).map(({ key, schema }) => [
      `\`${key}\``,
      code(variables.get(key), 'in the file only'),
      code(written(schema.default), 'none'),
      schema.description ?? '',
    ]),
  );
}

/** A default as it would be written in the file. */
function written(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** .env.example: every variable with its meaning and default, none of them set. */
export function environmentExample(): string {
  const entries = environmentVariables().map((variable) => ({
    part: variable.path.length > 1 ? variable.path[0] : 'all',
    text: `# ${variable.description}\n#${variable.name}=${written(variable.default) ?? ''}\n`,
  }));
  const text = entries.map((entry, index) => {
    const starts = entry.part !== entries[index - 1]?.part;
    return starts ? `\n# --- ${entry.part} ---\n${entry.text}` : entry.text;
  });
  return `${introduction}${text.join('')}`;
}

const introduction = `# Settings of this machine. Copy this file to .env and take the # off what you want to change; make
# reads it. A variable wins over mantis.yaml; what is in neither has the default shown
# here. Made by npm run docs; docs/configuration.md says more.

# The kubectl context to work on. Left out, the one of the local kind cluster.
#KUBE_CONTEXT=

# Directories, separated by colons, with promtool, prometheus, amtool, otelcol-contrib, loki and
# tempo, by which the tests check each configuration.
#MANTIS_BIN=
`;
