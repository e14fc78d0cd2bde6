import { statSync } from 'node:fs';
import { renderYaml } from '../../lib/model/config-file.ts';
import type { Settings } from '../../lib/schema.ts';
import { UserError } from '../process/errors.ts';
import { print, printWarning, runStep } from '../process/output.ts';
import { engine, runEngine } from './engine.ts';
import { type ListedImage, listImages, localImage, missingImages } from './images.ts';

/** `./mantis images save`: saves every image of these settings to an archive, for an air-gapped machine. */
export async function saveArchive(settings: Settings, file: string): Promise<void> {
  const listed = await listImages(settings);
  const missing = missingImages(listed);
  if (missing !== undefined) throw new UserError(missing);
  const references = listed.filter(({ local }) => local).map(({ reference }) => reference);
  await runStep(
    () => saveImages(file, references),
    () =>
      `${references.length} images saved to ${file}, ${(statSync(file).size / 1e6).toFixed(0)} MB`,
  );
  print(
    'on the other machine: ./mantis images load --file …, then make kind-up; or push the images to your registry and set imagePrefix',
  );
}

/** Saves images to an archive that docker, podman and kind can load. */
export async function saveImages(file: string, references: readonly string[]): Promise<void> {
  // By default Podman saves a single image.
  const many = engine() === 'podman' ? ['--multi-image-archive'] : [];
  await runEngine(['save', ...many, '--output', file, ...references]);
}

/** `./mantis images load`: loads an archive into the local engine, for make kind-up. */
export async function loadArchive(settings: Settings, file: string): Promise<void> {
  await runStep(
    () => runEngine(['load', '--input', file]),
    () => `${file} loaded`,
  );
  if (engine() === 'podman') await addRegistryNames(await listImages(settings));
  const missing = missingImages(await listImages(settings));
  if (missing !== undefined) throw new UserError(`${file} does not have every image; ${missing}`);
}

/**
 * Tags images with their registry. Podman loads an image whose name has no registry as
 * `localhost/<name>`, which no pod refers to.
 */
async function addRegistryNames(listed: readonly ListedImage[]): Promise<void> {
  for (const { reference } of listed) {
    if (reference.startsWith('localhost/')) continue;
    if ((await localImage(`localhost/${reference}`)) === undefined) continue;
    await runEngine(['tag', `localhost/${reference}`, `docker.io/${reference}`]);
    await runEngine(['untag', `localhost/${reference}`, `localhost/${reference}`]);
  }
}

/** `./mantis images digests`: prints the setting imageDigests for the images pulled on this machine. */
export async function printDigests(settings: Settings): Promise<void> {
  const listed = await listImages({ ...settings, imageDigests: {} });
  const digests: Record<string, string> = {};
  for (const { release, reference, local, builtHere } of listed) {
    if (builtHere) continue;
    const digest = local && (await localDigest(reference));
    if (digest === undefined)
      printWarning(`no digest of ${release}: run ${engine()} pull ${reference}`);
    else digests[release] = digest;
  }
  if (Object.keys(digests).length === 0) {
    throw new UserError(
      'no image on this machine was pulled from a registry, so none has a digest',
    );
  }
  print(renderYaml({ imageDigests: digests }).trimEnd());
}

/** The digest of a local image; undefined for one that was not pulled from its registry. */
export async function localDigest(reference: string): Promise<string | undefined> {
  const format = '{{join .RepoDigests " "}}';
  const digests = await runEngine(['image', 'inspect', '--format', format, reference]);
  return digestFrom(repositoryOf(reference), digests);
}

const repositoryOf = (reference: string) => reference.replace(/:[^:/]*$/, '');

/**
 * The digest of an image in one repository. It may differ in a mirror, such as one with a single
 * platform of the image.
 */
export function digestFrom(repository: string, repoDigests: string): string | undefined {
  const short = (name: string) => name.replace(/^docker\.io\/(library\/)?/, '');
  const pairs = repoDigests.split(/\s+/).map((each) => each.split('@'));
  return pairs.find(([name = '']) => short(name) === short(repository))?.[1];
}
