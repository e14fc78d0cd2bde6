import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { adminSecret } from '../../lib/grafana/grafana.ts';
import { commonLabels } from '../../lib/model/labels.ts';
import { UserError } from '../process/errors.ts';
import { exists, kubectl, kubectlJson, type Target, typed } from './kubectl.ts';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/**
 * Makes Grafana's Secret with random values if it is not there. An existing one is never
 * rewritten: Grafana keeps the password of its first start, and its data is signed with the key.
 *
 * @returns whether it was made
 */
export async function ensureAdminSecret(target: Target): Promise<boolean> {
  if (await exists(target, 'secret', adminSecret.name)) return false;
  // Through standard input: not on disk, and not in the list of processes.
  await kubectl(target, ['create', '--filename=-'], { input: JSON.stringify(newAdminSecret()) });
  return true;
}

/** A Secret that nobody has seen yet. */
export function newAdminSecret() {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: adminSecret.name, labels: commonLabels },
    type: 'Opaque',
    stringData: {
      [adminSecret.user]: 'admin',
      [adminSecret.password]: randomBytes(18).toString('base64url'),
      [adminSecret.secretKey]: randomBytes(32).toString('base64url'),
    },
  };
}

const secretSchema = z.object({ data: z.record(z.string(), z.string()).default({}) });

/** Reads the login back from the cluster. */
export async function readLogin(target: Target): Promise<Login> {
  const { data } = await kubectlJson(target, secretSchema, ['get', 'secret', adminSecret.name]);
  return { user: value(data, adminSecret.user), password: value(data, adminSecret.password) };
}

function value(data: Readonly<Record<string, string>>, key: string): string {
  const encoded = data[key];
  if (encoded === undefined) {
    throw new UserError(
      `Secret ${adminSecret.name} has no key ${key}: add that key. A new Secret would not do: Grafana keeps its first login and key in its volume`,
    );
  }
  return Buffer.from(encoded, 'base64').toString('utf8');
}

/** The command that prints the password again. */
export function passwordCommand(target: Target): string {
  const template = `go-template={{index .data "${adminSecret.password}" | base64decode}}`;
  return typed(target, ['get', 'secret', adminSecret.name, '-o', template]);
}
