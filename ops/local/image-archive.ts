import { statSync } from 'node:fs';
import { renderYaml } from '../../lib/model/config-file.ts';
import type { Settings } from '../../lib/schema.ts';
import { UserError } from '../process/errors.ts';
import { say, step, warn } from '../process/output.ts';
import { engine, runEngine } from './engine.ts';
import { type ListedImage, listImages, localImage, missingImages } from './images.ts';

/** `./mantis images save`: every image of these settings in one archive, for a machine without a network. */
export async function saveArchive(settings: Settings, file: string): Promise<void> {
  const listed = await listImages(settings);
  const missing = missingImages(listed);
  if (missing !== undefined) throw new UserError(missing);
  const references = listed.filter(({ local }) => local).map(({ reference }) => reference);
  await step(
    () => saveImages(file, references),
    () =>
      `${references.length} images, ${(statSync(file).size / 1e6).toFixed(0)} MB, are in ${file}`,
  );
  say(
    'there: ./mantis images load --file …, then make kind-up; or push them under one imagePrefix',
  );
}

/** Puts images into an archive that any engine and kind can load. */
export async function saveImages(file: string, references: readonly string[]): Promise<void> {
  // Podman saves one image unless told otherwise.
  const many = engine() === 'podman' ? ['--multi-image-archive'] : [];
  await runEngine(['save', ...many, '--output', file, ...references]);
}

/** `./mantis images load`: gives them to the local engine, from where make kind-up takes them. */
export async function loadArchive(settings: Settings, file: string): Promise<void> {
  await step(
    () => runEngine(['load', '--input', file]),
    () => `${file} is loaded`,
  );
  if (engine() === 'podman') await nameFully(await listImages(settings));
  const missing = missingImages(await listImages(settings));
  if (missing !== undefined) throw new UserError(`${file} does not have them all; ${missing}`);
}

/**
 * Podman gives images of an archive that name no registry the prefix `localhost/`, under which no
 * cluster looks for them.
 */
async function nameFully(listed: readonly ListedImage[]): Promise<void> {
  for (const { reference } of listed) {
    if (reference.startsWith('localhost/')) continue;
    if ((await localImage(`localhost/${reference}`)) === undefined) continue;
    await runEngine(['tag', `localhost/${reference}`, `docker.io/${reference}`]);
    await runEngine(['untag', `localhost/${reference}`, `localhost/${reference}`]);
  }
}

/** `./mantis images digests`: the setting imageDigests, from what registries gave this machine. */
export async function printDigests(settings: Settings): Promise<void> {
  const listed = await listImages({ ...settings, imageDigests: {} });
  const digests: Record<string, string> = {};
  for (const { release, reference, local, builtHere } of listed) {
    if (builtHere) continue;
    const digest = local && digestFrom(repositoryOf(reference), await repoDigests(reference));
    if (digest === undefined) warn(`no digest of ${release}: ${engine()} pull ${reference}`);
    else digests[release] = digest;
  }
  if (Object.keys(digests).length === 0) {
    throw new UserError('no image on this machine came from a registry, so none has a digest');
  }
  say(renderYaml({ imageDigests: digests }).trimEnd());
}

function repoDigests(reference: string): Promise<string> {
  return runEngine(['image', 'inspect', '--format', '{{join .RepoDigests " "}}', reference]);
}

const repositoryOf = (reference: string) => reference.replace(/:[^:/]*$/, '');

/**
 * The digest that one repository gave. A mirror's may be another, as of an image that was pushed
 * there for one platform alone.
 */
export function digestFrom(repository: string, repoDigests: string): string | undefined {
  const short = (name: string) => name.replace(/^docker\.io\/(library\/)?/, '');
  const given = repoDigests.split(/\s+/).map((each) => each.split('@'));
  return given.find(([name = '']) => short(name) === short(repository))?.[1];
}
