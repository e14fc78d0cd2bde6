import { statSync } from 'node:fs';
import type { Settings } from '../lib/settings.ts';
import { listImages, missingImages } from './images.ts';
import { say, step, table } from './output.ts';
import { run } from './run.ts';
import { UserError } from './user-error.ts';

/** `make images-save`: every image of these settings in one archive, for a machine without a network. */
export async function saveArchive(settings: Settings, file: string): Promise<void> {
  const listed = await listImages(settings);
  const missing = missingImages(listed);
  if (missing !== undefined) throw new UserError(missing);
  const references = listed.filter(({ local }) => local).map(({ reference }) => reference);
  await step(
    () => run('docker', ['save', '--output', file, ...references]),
    () =>
      `${references.length} images, ${(statSync(file).size / 1e6).toFixed(0)} MB, are in ${file}`,
  );
  say('there: make images-load FILE=…, then make kind-up; or push them under one imagePrefix');
}

/** `make images-load`: gives them to the local Docker, from where make kind-up takes them. */
export async function loadArchive(settings: Settings, file: string): Promise<void> {
  await step(
    () => run('docker', ['load', '--input', file]),
    () => `${file} is loaded`,
  );
  const missing = missingImages(await listImages(settings));
  if (missing !== undefined) throw new UserError(`${file} does not have them all; ${missing}`);
}

/** `make digests`: under which digest a registry gave each image, to pin it in lib/images.ts. */
export async function printDigests(settings: Settings): Promise<void> {
  const listed = await listImages(settings);
  const rows = await Promise.all(
    listed.map(async ({ reference, local, builtHere }) => {
      if (builtHere) return [reference, 'built here, in no registry'];
      if (local === undefined) return [reference, `not local: docker pull ${reference}`];
      const digests = await run('docker', [
        ...['image', 'inspect', '--format', '{{join .RepoDigests " "}}', reference],
      ]);
      return [reference, digestIn(digests) ?? 'from no registry: docker pull gives it one'];
    }),
  );
  say(table(rows));
}

/** The digest of the first `name@sha256:…`. */
export function digestIn(repoDigests: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})/.exec(repoDigests)?.[1];
}
