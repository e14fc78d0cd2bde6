import { renderYaml } from '../../lib/model/config-file.ts';
import type { Settings } from '../../lib/schema.ts';
import { UserError } from '../process/errors.ts';
import { print, printWarning } from '../process/output.ts';
import { engine, runEngine } from './engine.ts';
import { listImages } from './images.ts';

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
