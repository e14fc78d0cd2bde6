import { deepmerge } from 'deepmerge-ts';
import { stringify } from 'yaml';

/** A configuration in a component's own keys and order. */
export type ConfigObject = Readonly<Record<string, unknown>>;

/**
 * Adds what a user wrote to what we made: maps are merged, lists are appended, any other value
 * replaces ours.
 */
export function withExtraConfig(config: ConfigObject, extra: ConfigObject): ConfigObject {
  return deepmerge(config, extra) as ConfigObject;
}

/**
 * Renders a configuration once, at the edge. Long strings stay on one line and nothing becomes an
 * alias, so that a difference in dist/ reads well.
 */
export function renderYaml(config: ConfigObject): string {
  return stringify(config, { lineWidth: 0, aliasDuplicateObjects: false });
}
