import {
  type Image,
  type ImageName,
  imageReference,
  images,
  locallyBuiltImages,
  taggedName,
  testAppImage,
} from '../../lib/model/images.ts';
import type { Settings } from '../../lib/schema.ts';
import { formatTable } from '../process/output.ts';
import { CommandError } from '../process/run.ts';
import { runEngine } from './engine.ts';

export interface LocalImage {
  readonly id: string;
  readonly bytes: number;
}

/** Inspects an image in the local engine; undefined if it is not on this machine. */
export async function localImage(reference: string): Promise<LocalImage | undefined> {
  try {
    const format = '{{.Id}} {{.Size}}';
    const output = await runEngine(['image', 'inspect', '--format', format, reference]);
    const [id = '', bytes = '0'] = output.trim().split(' ');
    // Podman prints ids without the algorithm, nodes with it.
    return { id: id.includes(':') ? id : `sha256:${id}`, bytes: Number(bytes) };
  } catch (error) {
    if (error instanceof CommandError && /no such image|image not known/i.test(error.stderr))
      return undefined;
    throw error;
  }
}

/** The images of these settings; `release` is the key of the setting imageDigests. */
export function listImages(settings: Settings) {
  const names = Object.keys(images) as ImageName[];
  return Promise.all(
    names
      .filter((name) => settings.testApp.enabled || name !== 'testApp')
      .filter((name) => settings.clusterView.enabled || name !== 'kubeStateMetrics')
      .map(async (name) => {
        const image: Image = name === 'testApp' ? testAppImage(settings.testApp) : images[name];
        const reference = imageReference(image, settings);
        const release = taggedName(image);
        const digest = settings.imageDigests[release];
        const local = await localImage(reference);
        return { reference, release, digest, local, builtHere: locallyBuiltImages.includes(name) };
      }),
  );
}

export type ListedImage = Awaited<ReturnType<typeof listImages>>[number];

export function imageTable(listed: readonly ListedImage[]): string {
  return formatTable([
    ['IMAGE', 'DIGEST', 'LOCAL'],
    ...listed.map(({ reference, digest, local }) => [
      reference.replace(/@.*/, ''),
      digest ?? 'by tag only',
      local === undefined ? 'not local' : `${(local.bytes / 1e6).toFixed(1)} MB`,
    ]),
  ]);
}
