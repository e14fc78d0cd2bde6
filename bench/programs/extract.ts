import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type ImageName, imageReference, images } from '../../lib/model/images.ts';
import type { Settings } from '../../lib/schema.ts';
import { runEngine } from '../../ops/local/engine.ts';
import { localImage } from '../../ops/local/images.ts';
import { messageOf, UserError } from '../../ops/process/errors.ts';
import { print } from '../../ops/process/output.ts';

/** The programs that validate configurations, with their paths in the images. */
const programs: readonly (readonly [image: ImageName, path: string])[] = [
  ['collector', '/otelcol-contrib'],
  ['prometheus', '/bin/promtool'],
  ['prometheus', '/bin/prometheus'],
  ['alertmanager', '/bin/amtool'],
  ['loki', '/usr/bin/loki'],
  ['tempo', '/tempo'],
];

const directory = '.build/bin';

/**
 * Copies programs out of the components' images, so that each configuration is validated by the
 * release that will read it. Linux only, as they would not run elsewhere. An image that is not on
 * this machine is skipped with a message, and so are its tests.
 */
export async function extractPrograms(settings: Settings): Promise<void> {
  if (process.platform !== 'linux') return;
  mkdirSync(directory, { recursive: true });
  for (const [name, path] of programs) {
    const reference = imageReference(images[name], settings);
    try {
      if ((await localImage(reference)) === undefined) {
        throw new UserError(`${reference} is not on this machine`);
      }
      await copyOut(reference, path);
    } catch (error) {
      print(`SKIPPED: ${basename(path)}: ${messageOf(error)}`);
    }
  }
}

async function copyOut(reference: string, path: string): Promise<void> {
  const container = (await runEngine(['create', reference])).trim();
  try {
    await runEngine(['cp', `${container}:${path}`, join(directory, basename(path))]);
  } finally {
    await runEngine(['rm', container]);
  }
}
