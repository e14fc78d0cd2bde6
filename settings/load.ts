import { existsSync, readFileSync } from 'node:fs';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Settings, settingsSchema } from '../lib/schema.ts';
import { SettingsError } from '../lib/settings/error.ts';
import { gotAndWanted } from '../lib/settings/issue.ts';
import {
  environmentVariables,
  type JsonSchema,
  settingDefaults,
  settingsJsonSchema,
} from './env.ts';
import { withOwnFiles } from './own-files.ts';
import { currentName, currentVariable } from './renamed.ts';

export interface SettingsSource {
  /** Path of the settings file; a missing file means defaults. */
  readonly file?: string;
  /** Variables that win over the file, by their MANTIS_ names. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * MANTIS_ variables that are not settings: the directories of programs for `make validate` and
 * tests, and the passphrase of `make backup`.
 */
const toolVariables = ['MANTIS_BIN', 'MANTIS_BACKUP_PASSPHRASE'];

/** The default settings, without file and variables. */
export function defaultSettings(): Settings {
  return settingsSchema.parse({});
}

/**
 * Reads settings: defaults, then the file, then MANTIS_* variables; and the files that it lists.
 *
 * @throws SettingsError naming each wrong key, the value got and the value wanted
 */
export function loadSettings({ file = 'mantis.yaml', env = {} }: SettingsSource = {}): Settings {
  const input = existsSync(file) ? readSettingsFile(file) : {};
  const names = applyVariables(input, env);
  const result = settingsSchema.safeParse(input, { reportInput: true });
  if (result.success) return withOwnFiles(result.data, file);
  const lines = result.error.issues.flatMap((issue) => describeIssue(issue, file, names));
  throw new SettingsError(lines.join('\n'));
}

/** Whether the file or a variable sets anything. */
export function hasCustomSettings({
  file = 'mantis.yaml',
  env = {},
}: SettingsSource = {}): boolean {
  const input = existsSync(file) ? readSettingsFile(file) : {};
  applyVariables(input, env);
  return Object.keys(input).length > 0;
}

/** The effective value of a setting, as it is written in mantis.yaml. */
export interface ExplainedSetting {
  readonly key: string;
  /** Undefined for an optional setting that is not set. */
  readonly value: unknown;
  /** `default`, the name of the file, or the variable that set it. */
  readonly source: string;
}

/**
 * Every setting with its value and the source of the value.
 *
 * @throws SettingsError as loadSettings does
 */
export function explainSettings(source: SettingsSource = {}): ExplainedSetting[] {
  const { file = 'mantis.yaml', env = {} } = source;
  loadSettings(source);
  const input = existsSync(file) ? readSettingsFile(file) : {};
  const names = applyVariables(input, env);
  return settingDefaults().map(({ path, default: standard }) => {
    const key = path.join('.');
    const own = valueAt(input, path);
    if (own === undefined) return { key, value: standard, source: 'default' };
    return { key, value: own, source: names.get(key) ?? file };
  });
}

function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((below, key) => (isTree(below) ? below[key] : undefined), tree);
}

type Tree = { [key: string]: unknown };

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readSettingsFile(file: string): Tree {
  const lineCounter = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter });
  const [error] = document.errors;
  if (error !== undefined) throw new SettingsError(`${file}: ${error.message}`);
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) return {};
  if (!isMap(contents)) throw new SettingsError(`${file}: must be a map of settings`);
  return withoutEmptySections(document.toJS() as Tree, settingsJsonSchema());
}

/** Leaves out empty sections, such as one whose lines are all commented out. */
function withoutEmptySections(tree: Tree, { properties = {} }: JsonSchema): Tree {
  const entries = Object.entries(tree).flatMap(([key, value]) => {
    const section = properties[key];
    if (section?.properties === undefined) return [[key, value]];
    const below = isTree(value) ? withoutEmptySections(value, section) : value;
    const empty = below === null || (isTree(below) && Object.keys(below).length === 0);
    return empty ? [] : [[key, below]];
  });
  return Object.fromEntries(entries);
}

/** Writes each variable into the tree; returns the name of the variable for each path. */
function applyVariables(input: Tree, env: NonNullable<SettingsSource['env']>): Map<string, string> {
  const known = new Map(environmentVariables().map((variable) => [variable.name, variable]));
  const names = new Map<string, string>();
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith('MANTIS_') || !text || toolVariables.includes(name)) continue;
    const variable = known.get(name);
    if (variable === undefined) {
      const current = currentVariable(name);
      throw new SettingsError(
        current === undefined
          ? `${name}: no such setting; .env.example lists every variable that can be set`
          : `${name}: renamed to ${current}`,
      );
    }
    setPath(input, variable.path, variable.parse(text));
    names.set(variable.path.join('.'), name);
  }
  return names;
}

function setPath(tree: Tree, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  const below = tree[key];
  const child: Tree = isTree(below) ? below : {};
  tree[key] = child;
  setPath(child, rest, value);
}

function describeIssue(
  issue: z.core.$ZodIssue,
  file: string,
  names: Map<string, string>,
): string[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.message.startsWith('Unrecognized') ? 'no such setting' : issue.message;
    return issue.keys.map((key) => {
      const current = currentName([...issue.path, key]);
      const reason = current === undefined ? unknown : `renamed to ${current}`;
      return `${file}: ${path === '' ? key : `${path}.${key}`}: ${reason}`;
    });
  }
  const variable = names.get(path);
  const where = variable === undefined ? `${file}: ${path}` : `${variable} (${path})`;
  return [`${where}: ${gotAndWanted(issue)}`];
}
