import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appImage, imageReference } from '../../lib/model/images.ts';
import type { Settings } from '../../lib/schema.ts';
import { run } from '../process/run.ts';
import { runEngine } from './engine.ts';

const app = 'test-app';
const cache = '.build/npm-cache';
const packageFiles = ['package.json', 'package-lock.json', '.npmrc'];

/** The name under which these settings deploy the test app. */
export function appImageReference(settings: Settings): string {
  return imageReference(appImage(settings.testApp), settings);
}

/** Builds the test app's image; Docker's own cache makes this short when nothing has changed. */
export async function buildAppImage(reference: string): Promise<void> {
  await fillNpmCache();
  // npm keys its cache by the address that packages came from, which may be a mirror.
  const registry = (await run('npm', ['config', 'get', 'registry', '--prefix', app])).trim();
  const args = ['--build-arg', `NPM_CONFIG_REGISTRY=${registry}`, '--tag', reference, '.'];
  await runEngine(['build', '--file', join(app, 'Dockerfile'), ...args]);
}

/**
 * Fetches the app's packages on this machine, where npm knows its registry, mirror and
 * credentials; the build inside Docker then needs no network.
 */
async function fillNpmCache(): Promise<void> {
  const stamp = join(cache, 'filled-for');
  const wanted = packagesHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const scratch = '.build/npm-fetch';
  mkdirSync(scratch, { recursive: true });
  mkdirSync(cache, { recursive: true });
  for (const file of packageFiles.filter((each) => existsSync(join(app, each)))) {
    copyFileSync(join(app, file), join(scratch, file));
  }
  const args = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', [...args, '--prefix', scratch, '--cache', cache]);
  writeFileSync(stamp, wanted);
}

function packagesHash(): string {
  return createHash('sha256')
    .update(readFileSync(join(app, 'package-lock.json')))
    .digest('hex');
}
