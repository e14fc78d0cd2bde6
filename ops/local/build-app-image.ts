import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageReference, testAppImage } from '../../lib/model/images.ts';
import type { Settings } from '../../lib/schema.ts';
import { UserError } from '../process/errors.ts';
import { isCheckout } from '../process/output.ts';
import { run } from '../process/run.ts';
import { runEngine } from './engine.ts';

const app = 'test-app';
const cache = '.build/npm-cache';
const packageFiles = ['package.json', 'package-lock.json', '.npmrc'];

export function appImageReference(settings: Settings): string {
  return imageReference(testAppImage(settings.testApp), settings);
}

/**
 * Builds the test app's image, from Docker's build cache if nothing has changed.
 *
 * @throws UserError in the installed package, which has no sources of the app
 */
export async function buildAppImage(reference: string): Promise<void> {
  if (!isCheckout) {
    throw new UserError(
      "the test app's image is built in a checkout of Mantis' repository: set testApp.enabled to false, or testApp.image to an image that you built there",
    );
  }
  await fillNpmCache();
  // The keys of the npm cache have the registry's URL, which may be a mirror.
  const registry = (await run('npm', ['config', 'get', 'registry', '--prefix', app])).trim();
  const args = ['--build-arg', `NPM_CONFIG_REGISTRY=${registry}`, '--tag', reference, '.'];
  await runEngine(['build', '--file', join(app, 'Dockerfile'), ...args]);
}

/**
 * Downloads the app's packages on this machine, where npm has its registry and credentials
 * configured; the build inside Docker then needs no network.
 */
async function fillNpmCache(): Promise<void> {
  const stamp = join(cache, 'filled-for');
  const wanted = packagesHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const directory = '.build/npm-fetch';
  mkdirSync(directory, { recursive: true });
  mkdirSync(cache, { recursive: true });
  for (const file of packageFiles.filter((each) => existsSync(join(app, each)))) {
    copyFileSync(join(app, file), join(directory, file));
  }
  const args = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', [...args, '--prefix', directory, '--cache', cache]);
  writeFileSync(stamp, wanted);
}

function packagesHash(): string {
  return createHash('sha256')
    .update(readFileSync(join(app, 'package-lock.json')))
    .digest('hex');
}
