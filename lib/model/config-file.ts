import { deepmerge } from 'deepmerge-ts';
import { stringify } from 'yaml';

/** A configuration file of a component, with the component's own keys in its own order. */
export type ConfigObject = Readonly<Record<string, unknown>>;

/**
 * Merges a user's extraConfig into a generated configuration: maps are merged, lists are appended,
 * any other value replaces the generated one.
 */
export function withExtraConfig(config: ConfigObject, extra: ConfigObject): ConfigObject {
  return deepmerge(config, extra) as ConfigObject;
}

/**
 * Renders a configuration as YAML. Long strings stay on one line and repeated values are written
 * out instead of becoming YAML aliases, so that diffs of dist/ are readable.
 */
export function renderYaml(config: ConfigObject): string {
  return stringify(config, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Files of one ConfigMap, and the files of this repository that they are generated from. */
export interface ConfigFiles {
  /** Text by file name. */
  readonly files: Readonly<Record<string, string>>;
  readonly sources: readonly string[];
}

/** An empty ConfigMap. */
export const noFiles: ConfigFiles = { files: {}, sources: [] };

/** Files of a ConfigMap of their own. */
export interface NamedConfigFiles extends ConfigFiles {
  /** The part of the ConfigMap's name that stands for it. */
  readonly name: string;
}
