import { readFileSync } from 'node:fs';

/**
 * Reduces Kubernetes' JSON schemas to the kinds that Mantis makes: everything these refer to,
 * without descriptions, on standard output. See README.md.
 */
const kinds = [
  'apps.v1.Deployment',
  'apps.v1.StatefulSet',
  'core.v1.ConfigMap',
  'core.v1.Namespace',
  'core.v1.Service',
  'core.v1.ServiceAccount',
  'networking.v1.NetworkPolicy',
  'rbac.v1.ClusterRole',
  'rbac.v1.ClusterRoleBinding',
].map((kind) => `io.k8s.api.${kind}`);

type Schemas = Record<string, unknown>;

const [, , file = '_definitions.json'] = process.argv;
const { $defs: definitions } = JSON.parse(readFileSync(file, 'utf8')) as { $defs: Schemas };
const used: Schemas = {};
const waiting = [...kinds];
for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
  if (name in used) continue;
  const text = JSON.stringify(definitions[name], (key, value: unknown) =>
    key === 'description' && typeof value === 'string' ? undefined : value,
  );
  used[name] = JSON.parse(text);
  for (const [, reference] of text.matchAll(/"(?:_definitions\.json)?#\/\$defs\/([^"]+)"/g)) {
    if (reference !== undefined) waiting.push(reference);
  }
}
const sorted = Object.fromEntries(Object.entries(used).sort(([a], [b]) => (a < b ? -1 : 1)));
console.log(JSON.stringify({ $defs: sorted }).replaceAll('_definitions.json#/', '#/'));
