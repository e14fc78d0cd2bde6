import {
  appImage,
  builtHere,
  type Image,
  type ImageName,
  imageReference,
  images,
  onDemand,
  releaseOf,
} from '../../lib/model/images.ts';
import type { Settings } from '../../lib/schema.ts';
import { table } from '../process/output.ts';
import { CommandError } from '../process/run.ts';
import { engine, runEngine } from './engine.ts';

/** An image as the local engine knows it. */
export interface LocalImage {
  readonly id: string;
  readonly bytes: number;
}

export interface ListedImage {
  readonly reference: string;
  /** Its key in the setting imageDigests. */
  readonly release: string;
  readonly digest: string | undefined;
  /** What the engine says; nothing if it does not have the image. */
  readonly local: LocalImage | undefined;
  readonly builtHere: boolean;
  /** Only some command needs it. */
  readonly onDemand: boolean;
}

/** Asks the engine for one image; undefined if it is not on this machine. */
export async function localImage(reference: string): Promise<LocalImage | undefined> {
  try {
    const format = '{{.Id}} {{.Size}}';
    const output = await runEngine(['image', 'inspect', '--format', format, reference]);
    const [id = '', bytes = '0'] = output.trim().split(' ');
    // Podman leaves the algorithm out, nodes do not.
    return { id: id.includes(':') ? id : `sha256:${id}`, bytes: Number(bytes) };
  } catch (error) {
    if (error instanceof CommandError && /no such image|image not known/i.test(error.stderr))
      return undefined;
    throw error;
  }
}

/** Every image of Mantis under the names that these settings give it. */
export function listImages(settings: Settings): Promise<ListedImage[]> {
  const names = Object.keys(images) as ImageName[];
  return Promise.all(
    names
      .filter((name) => settings.testApp.enabled || name !== 'testApp')
      .filter((name) => settings.clusterView.enabled || name !== 'kubeStateMetrics')
      .map(async (name) => {
        const image: Image = name === 'testApp' ? appImage(settings.testApp) : images[name];
        const reference = imageReference(image, settings);
        const local = await localImage(reference);
        return {
          reference,
          release: releaseOf(image),
          digest: settings.imageDigests[releaseOf(image)],
          local,
          builtHere: builtHere.includes(name),
          onDemand: onDemand.includes(name),
        };
      }),
  );
}

export function imageTable(listed: readonly ListedImage[]): string {
  return table([
    ['IMAGE', 'DIGEST', 'LOCAL'],
    ...listed.map(({ reference, digest, local }) => [
      reference.replace(/@.*/, ''),
      digest ?? 'by tag only',
      local === undefined ? 'not local' : `${(local.bytes / 1e6).toFixed(1)} MB`,
    ]),
  ]);
}

/** What to do about images of the stack that are not on this machine; nothing if all are. */
export function missingImages(listed: readonly ListedImage[]): string | undefined {
  const missing = listed.filter((image) => image.local === undefined && !image.onDemand);
  if (missing.length === 0) return undefined;
  const advice = missing.map(({ reference, builtHere: ours }) =>
    ours ? `${reference} (built by make kind-up)` : `${reference} (${engine()} pull ${reference})`,
  );
  return `not on this machine: ${advice.join(', ')}`;
}
