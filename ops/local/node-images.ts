import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../process/errors.ts';
import { printWarning } from '../process/output.ts';
import { CommandError, run } from '../process/run.ts';
import { engine, runEngine } from './engine.ts';
import { localImage } from './images.ts';
import { nodeNames } from './kind.ts';

interface ImageState {
  readonly reference: string;
  readonly localId: string | undefined;
  /** The id on each node; undefined if the node does not have the image. */
  readonly nodeIds: readonly (string | undefined)[];
}

/** Which images to load, to pull, or to leave, from the images of this machine and of the nodes. */
export function planImages(states: readonly ImageState[]) {
  const names = (chosen: readonly ImageState[]) => chosen.map(({ reference }) => reference);
  const loadable = states.filter(
    ({ reference, localId, nodeIds }) =>
      // A loaded image has no digest, so a reference by digest would not find it.
      localId !== undefined && !reference.includes('@') && nodeIds.some((id) => id !== localId),
  );
  const rest = states.filter((state) => !loadable.includes(state));
  const present = rest.filter(({ nodeIds }) => nodeIds.every((id) => id !== undefined));
  return {
    /** On this machine, and not with the same id on every node. */
    load: names(loadable),
    present: names(present),
    /** Neither on this machine nor on every node. */
    pull: names(rest.filter((state) => !present.includes(state))),
  };
}

export async function inspectImages(clusterName: string, references: readonly string[]) {
  const nodes = await nodeNames(clusterName);
  const states = references.map(async (reference) => ({
    reference,
    localId: (await localImage(reference))?.id,
    nodeIds: await Promise.all(nodes.map((node) => nodeImageId(node, reference))),
  }));
  return planImages(await Promise.all(states));
}

const inspectSchema = z.object({ status: z.object({ id: z.string() }) });

/** The id of an image in a node's containerd, inspected with crictl as kind does. */
async function nodeImageId(node: string, reference: string): Promise<string | undefined> {
  try {
    const output = await runEngine(['exec', node, 'crictl', 'inspecti', reference]);
    return inspectSchema.parse(JSON.parse(output)).status.id;
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

/**
 * Loads images into the nodes, in one archive, which is faster than several.
 *
 * @returns the images that could not be loaded; the nodes may still be able to pull them
 */
export async function loadImages(
  clusterName: string,
  references: readonly string[],
): Promise<string[]> {
  if (references.length === 0) return [];
  const load = (chosen: readonly string[]) => loadArchived(clusterName, chosen);
  try {
    await load(references);
    return [];
  } catch {
    // A single image may fail to load (https://github.com/kubernetes-sigs/kind/issues/3795).
    return loadOneByOne(references, load);
  }
}

/** Loads an archive, as kind can load images by name from Docker only. */
async function loadArchived(clusterName: string, references: readonly string[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'mantis-images-'));
  try {
    const file = join(directory, 'images.tar');
    // By default Podman saves a single image.
    const many = engine() === 'podman' ? ['--multi-image-archive'] : [];
    await runEngine(['save', ...many, '--output', file, ...references]);
    await run('kind', ['load', 'image-archive', '--name', clusterName, file]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function loadOneByOne(
  references: readonly string[],
  load: (chosen: readonly string[]) => Promise<void>,
): Promise<string[]> {
  const failed: string[] = [];
  for (const reference of references) {
    try {
      await load([reference]);
    } catch (error) {
      printWarning(`${reference} could not be loaded: ${messageOf(error)}`);
      failed.push(reference);
    }
  }
  return failed;
}
