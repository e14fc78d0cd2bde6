import { z } from 'zod';
import { adminSecret } from '../../lib/grafana/grafana.ts';
import type { Settings } from '../../lib/schema.ts';
import { exists, kubectl, kubectlFind, type Target } from '../cluster/kubectl.ts';
import { requiredSecrets } from '../deploy/requirements/secrets.ts';
import { UserError } from '../process/errors.ts';

const secretSchema = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
  type: z.string(),
  /** In base64. */
  data: z.record(z.string(), z.base64()).default({}),
});

export type Secret = z.output<typeof secretSchema>;

export function secretNames(settings: Settings): string[] {
  return [adminSecret.name, ...requiredSecrets(settings).map(({ name }) => name)];
}

export async function readSecrets(target: Target, names: readonly string[]): Promise<Secret[]> {
  const secrets: Secret[] = [];
  for (const name of names) {
    const secret = await kubectlFind(target, secretSchema, 'secret', name);
    if (secret !== undefined) secrets.push(secret);
  }
  return secrets;
}

/** The values of a Secret in plain text. */
export function valuesOf({ data }: Pick<Secret, 'data'>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}

export function parseSecrets(text: string): Secret[] {
  try {
    return z.array(secretSchema).parse(JSON.parse(text));
  } catch {
    throw new UserError('the decrypted file holds no Secrets');
  }
}

export async function writeSecrets(target: Target, secrets: readonly Secret[]): Promise<void> {
  for (const { metadata, type, data } of secrets) {
    const body = { apiVersion: 'v1', kind: 'Secret', metadata, type, data };
    const existing = await exists(target, 'secret', metadata.name);
    // Through standard input: not on disk, and not in the list of processes.
    await kubectl(target, [existing ? 'replace' : 'create', '--filename=-'], {
      input: JSON.stringify(body),
    });
  }
}
