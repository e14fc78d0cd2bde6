import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { commonLabels } from '../../../lib/model/labels.ts';
import { applyFlags } from '../../cluster/apply.ts';
import { kubectl, kubectlList, type Target } from '../../cluster/kubectl.ts';

export type Revision = Readonly<Record<string, string>>;

/** Below the limit of a Secret, 1 MiB. */
const chunkBytes = 700 * 1024;
const label = 'mantis.dev/revision';
const annotation = { time: 'mantis.dev/deployed-at', parts: 'mantis.dev/parts' };
const key = 'part';

const secretSchema = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  data: z.record(z.string(), z.string()).default({}),
});

export type RevisionSecret = z.output<typeof secretSchema>;

/**
 * Encodes a revision as Secrets, gzipped and in parts. Secrets, because extraConfig may hold
 * credentials. Their names have a hash, so that parts of different revisions are never mixed.
 */
export function encodeRevision(
  revision: Revision,
  time: Date,
  bytes = chunkBytes,
): RevisionSecret[] {
  const packed = gzipSync(JSON.stringify(revision));
  const hash = digest(packed);
  const count = Math.ceil(packed.length / bytes);
  return Array.from({ length: count }, (_, index) => ({
    metadata: {
      name: `mantis-revision-${hash}-${index}`,
      labels: { ...commonLabels, [label]: hash },
      annotations: { [annotation.time]: time.toISOString(), [annotation.parts]: String(count) },
    },
    data: { [key]: packed.subarray(index * bytes, (index + 1) * bytes).toString('base64') },
  }));
}

/** Decodes the newest revision that is complete and undamaged. */
export function decodeNewest(secrets: readonly RevisionSecret[]): Revision | undefined {
  const hashes = [...new Set(secrets.map(({ metadata }) => metadata.labels[label] ?? ''))];
  const sets = hashes.map((hash) =>
    secrets
      .filter(({ metadata }) => metadata.labels[label] === hash)
      .sort((a, b) => partIndex(a) - partIndex(b)),
  );
  const time = ([first]: readonly RevisionSecret[]) =>
    first?.metadata.annotations[annotation.time] ?? '';
  for (const set of sets.sort((a, b) => time(b).localeCompare(time(a)))) {
    const packed = Buffer.concat(set.map(({ data }) => Buffer.from(data[key] ?? '', 'base64')));
    if (digest(packed) !== set[0]?.metadata.labels[label]) continue;
    return z.record(z.string(), z.string()).parse(JSON.parse(gunzipSync(packed).toString('utf8')));
  }
  return undefined;
}

function partIndex({ metadata }: RevisionSecret): number {
  return Number(metadata.name.split('-').at(-1));
}

function digest(packed: Buffer): string {
  return createHash('sha256').update(packed).digest('hex').slice(0, 12);
}

async function readRevisionSecrets(target: Target): Promise<RevisionSecret[]> {
  return kubectlList(target, secretSchema, ['get', 'secrets', `--selector=${label}`]);
}

export async function readRevision(target: Target): Promise<Revision | undefined> {
  return decodeNewest(await readRevisionSecrets(target));
}

/** Stores the revision of a successful deployment, then deletes older ones. */
export async function writeRevision(target: Target, revision: Revision): Promise<void> {
  const secrets = encodeRevision(revision, new Date());
  const items = secrets.map((secret) => ({ apiVersion: 'v1', kind: 'Secret', ...secret }));
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await kubectl(target, ['apply', ...applyFlags, '--filename=-'], { input });
  const kept = secrets.map(({ metadata }) => metadata.name);
  const old = (await readRevisionSecrets(target)).filter(
    ({ metadata }) => !kept.includes(metadata.name),
  );
  for (const { metadata } of old) {
    await kubectl(target, ['delete', 'secret', metadata.name, '--ignore-not-found']);
  }
}

export function writeDirectory(directory: string, revision: Revision): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [file, text] of Object.entries(revision)) writeFileSync(join(directory, file), text);
}
