import { z } from 'zod';
import { keysOf as keysOfReceiver } from '../../../lib/alertmanager/receivers.ts';
import { adminSecret } from '../../../lib/grafana/grafana.ts';
import type { Settings } from '../../../lib/schema.ts';
import { kubectl, type Target, typed } from '../../cluster/kubectl.ts';
import { failed, ok, type Requirement } from './requirement.ts';

const items = z.array(z.object({ key: z.string() })).optional();
const optional = z.boolean().default(false);

const projected = z.object({ name: z.string(), optional, items });

const container = z.object({
  env: z
    .array(
      z.object({
        valueFrom: z
          .object({
            secretKeyRef: z.object({ name: z.string(), key: z.string(), optional }).optional(),
          })
          .optional(),
      }),
    )
    .default([]),
  envFrom: z
    .array(z.object({ secretRef: z.object({ name: z.string(), optional }).optional() }))
    .default([]),
});

const workload = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        imagePullSecrets: z.array(z.object({ name: z.string() })).default([]),
        containers: z.array(container),
        initContainers: z.array(container).default([]),
        volumes: z
          .array(
            z.object({
              secret: z
                .object({ secretName: z.string(), optional, items })
                .transform(({ secretName, ...rest }) => ({ ...rest, name: secretName }))
                .optional(),
              projected: z
                .object({ sources: z.array(z.object({ secret: projected.optional() })) })
                .optional(),
            }),
          )
          .default([]),
      }),
    }),
  }),
});

/** A Secret that pods wait for, and the keys of it that they name. */
export interface WantedSecret {
  readonly name: string;
  readonly keys: readonly string[];
}

/** The Secrets that pods cannot do without, apart from Grafana's login, which deploy makes. */
export function wantedSecrets(objects: readonly unknown[], settings: Settings): WantedSecret[] {
  const used = objects.flatMap((object) => {
    const pod = workload.safeParse(object).data?.spec.template.spec;
    return pod === undefined ? [] : usesOf(pod);
  });
  const uses = [...used, ...usesInFiles(settings)];
  const names = [...new Set(uses.map(({ name }) => name))].sort();
  return names
    .filter((name) => name !== adminSecret.name)
    .map((name) => ({
      name,
      keys: [...new Set(uses.filter((use) => use.name === name).flatMap(({ keys }) => keys))],
    }));
}

/** What only the configurations of components name. */
function usesInFiles({ alertmanager, collector }: Settings): WantedSecret[] {
  const { hashKey } = collector.redact;
  return [
    { name: alertmanager.secret, keys: alertmanager.receivers.flatMap(keysOfReceiver) },
    { name: collector.secret, keys: hashKey === undefined ? [] : [hashKey] },
  ].flatMap(({ name, keys }) => (name === undefined ? [] : [{ name, keys }]));
}

type Pod = z.output<typeof workload>['spec']['template']['spec'];

function usesOf({ imagePullSecrets, containers, initContainers, volumes }: Pod): WantedSecret[] {
  const all = [...containers, ...initContainers];
  const refs = all.flatMap(({ env }) =>
    env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []),
  );
  const envs = all.flatMap(({ envFrom }) => envFrom.flatMap(({ secretRef }) => secretRef ?? []));
  const mounts = volumes.flatMap(({ secret, projected: { sources } = { sources: [] } }) => [
    ...(secret === undefined ? [] : [secret]),
    ...sources.flatMap((source) => source.secret ?? []),
  ]);
  return [
    ...imagePullSecrets.map(({ name }) => ({ name, keys: [] })),
    ...refs.filter((ref) => !ref.optional).map(({ name, key }) => ({ name, keys: [key] })),
    ...envs.filter((env) => !env.optional).map(({ name }) => ({ name, keys: [] })),
    ...mounts
      .filter((mount) => !mount.optional)
      .map(({ name, items: chosen = [] }) => ({ name, keys: chosen.map(({ key }) => key) })),
  ];
}

/** The keys of a Secret, without their values; undefined where it is not there. */
export async function keysOf(target: Target, name: string): Promise<string[] | undefined> {
  const template = 'go-template=there{{range $key, $_ := .data}} {{$key}}{{end}}';
  const args = ['get', 'secret', name, '--ignore-not-found', `--output=${template}`];
  const output = (await kubectl(target, args)).trim();
  return output === '' ? undefined : output.split(' ').slice(1);
}

/**
 * Without them pods would wait for ever, or pull without a login.
 *
 * @param there the keys of those that are there, by their names
 * @param fresh whether the namespace is still to be made
 */
export function checkSecrets(
  wanted: readonly WantedSecret[],
  there: ReadonlyMap<string, readonly string[]>,
  settings: Settings,
  target: Target,
  fresh: boolean,
): Requirement {
  const name = 'Secrets';
  const missing = wanted.filter((secret) => !there.has(secret.name));
  const partial = wanted.flatMap(({ name: secret, keys }) => {
    const lacks = keys.filter((key) => there.get(secret)?.includes(key) === false);
    return lacks.length === 0 ? [] : [`${called(secret, settings)} lacks ${lacks.join(', ')}`];
  });
  if (missing.length + partial.length === 0) {
    return ok(
      name,
      wanted.length === 0 ? 'none but its own' : wanted.map((each) => each.name).join(', '),
    );
  }
  const seen = [
    ...missing.map((secret) => `there is no ${called(secret.name, settings)}`),
    ...partial,
  ].join('; ');
  const make = missing.map((secret) => typed(target, creation(secret, settings)));
  const before = fresh ? [typed(target, ['create', 'namespace', target.namespace])] : [];
  const todo =
    missing.length === 0
      ? 'add the keys to it'
      : `make it in namespace ${target.namespace}: ${[...before, ...make].join(' && ')}`;
  return failed(name, seen, todo);
}

function creation({ name, keys }: WantedSecret, { imagePullSecret }: Settings): string[] {
  if (name === imagePullSecret) {
    return [
      'create',
      'secret',
      'docker-registry',
      name,
      '--docker-server=…',
      '--docker-username=…',
      '--docker-password=…',
    ];
  }
  const values = keys.length === 0 ? ['KEY'] : keys;
  return ['create', 'secret', 'generic', name, ...values.map((key) => `--from-literal=${key}=…`)];
}

/** A Secret with the setting that names it. */
function called(name: string, settings: Settings): string {
  const setting = settingsThatSay(name, settings).join(', ');
  return setting === '' ? name : `${name} (${setting})`;
}

function settingsThatSay(name: string, tree: unknown, path: readonly string[] = []): string[] {
  if (tree === name) return /secret/i.test(path.at(-1) ?? '') ? [path.join('.')] : [];
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, below]) =>
    settingsThatSay(name, below, [...path, key]),
  );
}
