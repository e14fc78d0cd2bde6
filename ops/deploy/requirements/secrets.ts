import { receiverSecretKeys as keysOfReceiver } from '../../../lib/alertmanager/receivers.ts';
import { externalSecrets } from '../../../lib/collector/external/settings.ts';
import { secretKeysOf } from '../../../lib/external-stores/files.ts';
import { adminSecret } from '../../../lib/grafana/grafana.ts';
import { datasourceSecretKeys } from '../../../lib/grafana/own-datasources.ts';
import { caKey, clientSecretKey } from '../../../lib/grafana/sign-in/settings.ts';
import type { Settings } from '../../../lib/schema.ts';
import { environmentReferences } from '../../../lib/settings/credentials.ts';
import { kubectl, kubectlHint, type Target } from '../../cluster/kubectl.ts';
import { ingressTlsSecrets } from './outside.ts';
import { failed, ok, type Requirement } from './requirement.ts';

/**
 * The Secrets that settings name, with the keys that configuration files refer to; except Grafana's
 * admin Secret, which deploy creates.
 */
export function requiredSecrets(settings: Settings) {
  const { alertmanager, backup, collector, grafana, loki, prometheus, tempo, imagePullSecret } =
    settings;
  const { hashKey } = collector.redact;
  const uses = [
    {
      setting: 'alertmanager.secret',
      name: alertmanager.secret,
      keys: alertmanager.receivers.flatMap(keysOfReceiver),
    },
    {
      setting: 'collector.secret',
      name: collector.secret,
      keys: [
        ...(hashKey === undefined ? [] : [hashKey]),
        ...environmentReferences([
          collector.forward,
          collector.scrapeConfigs,
          collector.extraConfig,
        ]),
      ],
    },
    ...externalSecrets(collector.externalAccess).map((secret) => ({
      ...secret,
      setting: `collector.externalAccess.${secret.setting}`,
    })),
    {
      setting: 'loki.secret',
      name: loki.secret,
      keys: environmentReferences(loki.extraConfig),
    },
    {
      setting: 'tempo.secret',
      name: tempo.secret,
      keys: environmentReferences(tempo.extraConfig),
    },
    {
      setting: 'grafana.secret',
      name: grafana.secret,
      keys: [
        ...datasourceSecretKeys(grafana.datasources.files),
        ...(grafana.oidc === undefined ? [] : [clientSecretKey]),
      ],
    },
    { setting: 'grafana.oidc.caSecret', name: grafana.oidc?.caSecret, keys: [caKey] },
    ...ingressTlsSecrets(settings),
    {
      setting: 'backup.secret',
      name: backup.secret,
      keys: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
    },
    ...Object.entries({ loki, tempo }).flatMap(([store, { external }]) =>
      external === undefined
        ? []
        : secretKeysOf(external).map(({ secret, keys }) => ({
            setting: `${store}.external`,
            name: secret,
            keys,
          })),
    ),
    { setting: 'imagePullSecret', name: imagePullSecret, keys: [] },
    ...Object.entries({ alertmanager, collector, grafana, loki, prometheus, tempo }).flatMap(
      ([component, { mountedSecrets }]) =>
        mountedSecrets.map((name) => ({
          setting: `${component}.mountedSecrets`,
          name,
          keys: [],
        })),
    ),
  ];
  const names = [...new Set(uses.flatMap(({ name }) => name ?? []))].sort();
  return names
    .filter((name) => name !== adminSecret.name)
    .map((name) => {
      const own = uses.filter((use) => use.name === name);
      const keys = [...new Set(own.flatMap((use) => use.keys))];
      return { name, settings: own.map(({ setting }) => setting), keys };
    });
}

export type RequiredSecret = ReturnType<typeof requiredSecrets>[number];

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
  target: Target,
  fresh: boolean,
): Requirement {
  const name = 'Secrets';
  const missing = wanted.filter((secret) => !existing.has(secret.name));
  const partial = wanted.flatMap((secret) => {
    const lacks = secret.keys.filter((key) => existing.get(secret.name)?.includes(key) === false);
    return lacks.length === 0 ? [] : [`${describe(secret)} lacks ${lacks.join(', ')}`];
  });
  if (missing.length + partial.length === 0) {
    return ok(name, wanted.map((each) => each.name).join(', ') || 'none to create');
  }
  const seen = [...missing.map((secret) => `there is no ${describe(secret)}`), ...partial].join(
    '; ',
  );
  const create = missing.map((secret) => kubectlHint(target, createSecretArgs(secret)));
  const namespace = fresh ? [kubectlHint(target, ['create', 'namespace', target.namespace])] : [];
  const todo =
    missing.length === 0
      ? 'add the missing keys'
      : `create it in namespace ${target.namespace}: ${[...namespace, ...create].join(' && ')}`;
  return failed(name, seen, todo);
}

function createSecretArgs({ name, keys, settings }: RequiredSecret): string[] {
  if (settings.includes('imagePullSecret')) {
    const login = ['--docker-server=…', '--docker-username=…', '--docker-password=…'];
    return ['create', 'secret', 'docker-registry', name, ...login];
  }
  if (settings.includes('grafana.oidc.caSecret')) {
    return ['create', 'secret', 'generic', name, `--from-file=${caKey}=…`];
  }
  if (keys.includes('tls.crt')) {
    return ['create', 'secret', 'tls', name, '--cert=…', '--key=…'];
  }
  const values = keys.length === 0 ? ['KEY'] : keys;
  return ['create', 'secret', 'generic', name, ...values.map((key) => `--from-literal=${key}=…`)];
}

function describe({ name, settings }: RequiredSecret): string {
  return `${name} (${settings.join(', ')})`;
}
