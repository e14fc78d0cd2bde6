import { z } from 'zod';
import { receiverSecretKeys as keysOfReceiver } from '../../../lib/alertmanager/receivers.ts';
import { adminSecret } from '../../../lib/grafana/grafana.ts';
import { datasourceSecretKeys } from '../../../lib/grafana/own-datasources.ts';
import type { Settings } from '../../../lib/schema.ts';
import { kubectl, kubectlHint, type Target } from '../../cluster/kubectl.ts';
import { failed, ok, type Requirement } from './requirement.ts';

const podTemplate = z.object({ spec: z.object({ template: z.object({ spec: z.unknown() }) }) });

/** A reference to a Secret, in any of the fields of a pod that have one. */
const reference = z.object({
  name: z.string().optional(),
  secretName: z.string().optional(),
  key: z.string().optional(),
  items: z.array(z.object({ key: z.string() })).default([]),
  optional: z.boolean().default(false),
});

export interface RequiredSecret {
  readonly name: string;
  readonly keys: readonly string[];
}

/** The Secrets that pods need, except Grafana's admin Secret, which deploy creates. */
export function requiredSecrets(objects: readonly unknown[], settings: Settings): RequiredSecret[] {
  const used = objects.flatMap((object) => secretReferences(podTemplate.safeParse(object).data));
  const uses = [...used, ...secretsOfConfigurations(settings)];
  const names = [...new Set(uses.map(({ name }) => name))].sort();
  return names
    .filter((name) => name !== adminSecret.name)
    .map((name) => ({
      name,
      keys: [...new Set(uses.filter((use) => use.name === name).flatMap(({ keys }) => keys))],
    }));
}

/** Secrets whose keys are not in the pod specs, only in the configuration files of components. */
function secretsOfConfigurations({ alertmanager, collector, grafana }: Settings): RequiredSecret[] {
  const { hashKey } = collector.redact;
  return [
    { name: alertmanager.secret, keys: alertmanager.receivers.flatMap(keysOfReceiver) },
    { name: collector.secret, keys: hashKey === undefined ? [] : [hashKey] },
    { name: grafana.secret, keys: datasourceSecretKeys(grafana.datasources.files) },
  ].flatMap(({ name, keys }) => (name === undefined ? [] : [{ name, keys }]));
}

const referenceFields = ['secretKeyRef', 'secretRef', 'secret', 'imagePullSecrets'];

/** The Secrets that any field of a pod refers to, except optional ones. */
function secretReferences(tree: unknown): RequiredSecret[] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([field, below]) =>
    referenceFields.includes(field) ? [below].flat().flatMap(requiredBy) : secretReferences(below),
  );
}

function requiredBy(value: unknown): RequiredSecret[] {
  // Of another form is what only has such a name, as the label `secret` of a nodeSelector.
  const { data } = reference.safeParse(value);
  const name = data?.secretName ?? data?.name;
  if (data === undefined || data.optional || name === undefined) return [];
  const keys = data.items.map(({ key }) => key);
  return [{ name, keys: data.key === undefined ? keys : [data.key, ...keys] }];
}

/** The keys of a Secret, without their values; undefined if it does not exist. */
export async function readSecretKeys(target: Target, name: string): Promise<string[] | undefined> {
  const template = 'go-template=there{{range $key, $_ := .data}} {{$key}}{{end}}';
  const args = ['get', 'secret', name, '--ignore-not-found', `--output=${template}`];
  const output = (await kubectl(target, args)).trim();
  return output === '' ? undefined : output.split(' ').slice(1);
}

/**
 * Whether the required Secrets exist. Without them pods would not start, or could not pull images.
 *
 * @param existing the keys of the existing Secrets, by name
 * @param fresh whether the namespace is still to be created
 */
export function checkSecrets(
  wanted: readonly RequiredSecret[],
  existing: ReadonlyMap<string, readonly string[]>,
  settings: Settings,
  target: Target,
  fresh: boolean,
): Requirement {
  const name = 'Secrets';
  const missing = wanted.filter((secret) => !existing.has(secret.name));
  const partial = wanted.flatMap(({ name: secret, keys }) => {
    const lacks = keys.filter((key) => existing.get(secret)?.includes(key) === false);
    return lacks.length === 0 ? [] : [`${withSetting(secret, settings)} lacks ${lacks.join(', ')}`];
  });
  if (missing.length + partial.length === 0) {
    return ok(name, wanted.map((each) => each.name).join(', ') || 'none to create');
  }
  const seen = [
    ...missing.map((secret) => `there is no ${withSetting(secret.name, settings)}`),
    ...partial,
  ].join('; ');
  const create = missing.map((secret) => kubectlHint(target, createSecretArgs(secret, settings)));
  const namespace = fresh ? [kubectlHint(target, ['create', 'namespace', target.namespace])] : [];
  const todo =
    missing.length === 0
      ? 'add the missing keys'
      : `create it in namespace ${target.namespace}: ${[...namespace, ...create].join(' && ')}`;
  return failed(name, seen, todo);
}

function createSecretArgs({ name, keys }: RequiredSecret, { imagePullSecret }: Settings): string[] {
  if (name === imagePullSecret) {
    const login = ['--docker-server=…', '--docker-username=…', '--docker-password=…'];
    return ['create', 'secret', 'docker-registry', name, ...login];
  }
  const values = keys.length === 0 ? ['KEY'] : keys;
  return ['create', 'secret', 'generic', name, ...values.map((key) => `--from-literal=${key}=…`)];
}

function withSetting(name: string, settings: Settings): string {
  const setting = settingsNaming(name, settings).join(', ');
  return setting === '' ? name : `${name} (${setting})`;
}

function settingsNaming(name: string, tree: unknown, path: readonly string[] = []): string[] {
  if (tree === name) return /secret/i.test(path.at(-1) ?? '') ? [path.join('.')] : [];
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, below]) =>
    settingsNaming(name, below, [...path, key]),
  );
}
