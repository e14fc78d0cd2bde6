import type { Settings } from '../../../lib/schema.ts';
import { kubectlHint, type Target } from '../../cluster/kubectl.ts';
import { failed, ok, type Requirement } from './requirement.ts';

/** The ConfigMaps of the user that pods mount. */
export function requiredConfigMaps(settings: Settings): string[] {
  const { alertmanager, collector, grafana, loki, prometheus, tempo } = settings;
  const components = [alertmanager, collector, grafana, loki, prometheus, tempo];
  const mounted = components.flatMap(({ mountedConfigMaps }) => mountedConfigMaps);
  const authorities = [loki, tempo].flatMap(({ external }) => external?.ca?.configMap ?? []);
  return [...new Set([...mounted, ...authorities])];
}

/**
 * Whether the required ConfigMaps exist. Without one that it mounts, a pod does not start.
 *
 * @param existing as `kubectl get --output=name` prints them
 * @param fresh whether the namespace is still to be created
 */
export function checkConfigMaps(
  required: readonly string[],
  existing: readonly string[],
  target: Target,
  fresh: boolean,
): Requirement {
  const missing = required.filter((name) => !existing.includes(`configmap/${name}`));
  if (missing.length === 0) return ok('ConfigMaps', required.join(', ') || 'none to create');
  const create = missing.map((name) =>
    kubectlHint(target, ['create', 'configmap', name, '--from-file=…']),
  );
  const namespace = fresh ? [kubectlHint(target, ['create', 'namespace', target.namespace])] : [];
  const seen = `there is no ${missing.join(', ')} (mountedConfigMaps)`;
  return failed('ConfigMaps', seen, `create it: ${[...namespace, ...create].join(' && ')}`);
}
