import type { Settings } from '../../../lib/schema.ts';
import { kubectlHint, type Target } from '../../cluster/kubectl.ts';
import { failed, ok, type Requirement } from './requirement.ts';

/** The ConfigMaps of the user that pods mount, with the settings that name them. */
export function requiredConfigMaps(settings: Settings) {
  const { alertmanager, collector, grafana, loki, prometheus, tempo } = settings;
  const components = { alertmanager, collector, grafana, loki, prometheus, tempo };
  const uses = [
    ...Object.entries(components).flatMap(([component, { mountedConfigMaps }]) =>
      mountedConfigMaps.map((name) => ({ name, setting: `${component}.mountedConfigMaps` })),
    ),
    ...Object.entries({ loki, tempo }).flatMap(([store, { external }]) => {
      const name = external?.ca?.configMap;
      return name === undefined ? [] : [{ name, setting: `${store}.external.ca` }];
    }),
  ];
  return [...new Set(uses.map(({ name }) => name))].map((name) => ({
    name,
    settings: uses.filter((use) => use.name === name).map(({ setting }) => setting),
  }));
}

export type RequiredConfigMap = ReturnType<typeof requiredConfigMaps>[number];

/**
 * Whether the required ConfigMaps exist. Without one that it mounts, a pod does not start.
 *
 * @param existing as `kubectl get --output=name` prints them
 * @param fresh whether the namespace is still to be created
 */
export function checkConfigMaps(
  required: readonly RequiredConfigMap[],
  existing: readonly string[],
  target: Target,
  fresh: boolean,
): Requirement {
  const missing = required.filter(({ name }) => !existing.includes(`configmap/${name}`));
  if (missing.length === 0)
    return ok('ConfigMaps', required.map(({ name }) => name).join(', ') || 'none to create');
  const create = missing.map(({ name }) =>
    kubectlHint(target, ['create', 'configmap', name, '--from-file=…']),
  );
  const namespace = fresh ? [kubectlHint(target, ['create', 'namespace', target.namespace])] : [];
  const described = missing.map(({ name, settings }) => `${name} (${settings.join(', ')})`);
  const seen = `there is no ${described.join(', ')}`;
  return failed('ConfigMaps', seen, `create it: ${[...namespace, ...create].join(' && ')}`);
}
