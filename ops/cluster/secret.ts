import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { adminSecret } from '../../lib/grafana/grafana.ts';
import { metricsSecret } from '../../lib/grafana/outside/metrics-login.ts';
import { commonLabels } from '../../lib/model/labels.ts';
import { UserError } from '../process/errors.ts';
import { exists, kubectl, kubectlHint, kubectlJson, type Target } from './kubectl.ts';

/**
 * Creates the Secrets with Grafana's login and with the password of its metrics, with random values, where
 * they do not exist. An existing one is never changed: Grafana keeps the password of its first start, and
 * encrypts its data with the key.
 */
export async function ensureSecrets(target: Target): Promise<void> {
  for (const secret of [newAdminSecret(), newMetricsSecret()]) {
    if (await exists(target, 'secret', secret.metadata.name)) continue;
    // By standard input: neither on disk nor in the process list.
    await kubectl(target, ['create', '--filename=-'], { input: JSON.stringify(secret) });
  }
}

const newSecret = (name: string, stringData: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, labels: commonLabels },
  type: 'Opaque',
  stringData,
});

const newPassword = () => randomBytes(18).toString('base64url');

export function newAdminSecret() {
  return newSecret(adminSecret.name, {
    [adminSecret.user]: 'admin',
    [adminSecret.password]: newPassword(),
    [adminSecret.secretKey]: randomBytes(32).toString('base64url'),
  });
}

export function newMetricsSecret() {
  return newSecret(metricsSecret.name, { [metricsSecret.password]: newPassword() });
}

const secretSchema = z.object({ data: z.record(z.string(), z.string()).default({}) });

export async function readAdminLogin(target: Target) {
  const { data } = await kubectlJson(target, secretSchema, ['get', 'secret', adminSecret.name]);
  return {
    user: decodeKey(data, adminSecret.user),
    password: decodeKey(data, adminSecret.password),
  };
}

export type AdminLogin = Awaited<ReturnType<typeof readAdminLogin>>;

function decodeKey(data: Readonly<Record<string, string>>, key: string): string {
  const encoded = data[key];
  if (encoded === undefined) {
    throw new UserError(
      `Secret ${adminSecret.name} has no key ${key}: add that key. Do not create a new Secret: Grafana's database belongs to the login and key of this one`,
    );
  }
  return Buffer.from(encoded, 'base64').toString('utf8');
}

export function passwordCommand(target: Target): string {
  const template = `go-template={{index .data "${adminSecret.password}" | base64decode}}`;
  return kubectlHint(target, ['get', 'secret', adminSecret.name, '-o', template]);
}
