import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create } from 'tar';
import { images, locallyBuiltImages, taggedName } from '../lib/model/images.ts';
import { version } from '../lib/model/version.ts';
import { localDigest } from '../ops/local/image-digests.ts';
import { command } from './command.ts';
import { pack } from './pack.ts';
import { sbom } from './sbom.ts';

/** `npm run release`: writes the files of a release to .build/release. */

const outdir = '.build/release';

function requireReleasable(): void {
  const { code, stdout: changes, output } = command('.', 'git', ['status', '--porcelain']);
  if (code !== 0) throw new Error(output);
  if (changes !== '') throw new Error(`there are changes that are not committed:\n${changes}`);
  const heading = new RegExp(`^## ${version.replaceAll('.', '\\.')}( |$)`, 'm');
  if (!heading.test(readFileSync('CHANGELOG.md', 'utf8'))) {
    throw new Error(`CHANGELOG.md has no heading "## ${version}"`);
  }
}

/** Packs dist/ without anything of this machine, so that the same commit makes the same file. */
async function packManifests(): Promise<void> {
  const file = join(outdir, `mantis-dist-${version}.tar.gz`);
  const { stdout } = command('.', 'git', ['log', '-1', '--format=%ct']);
  const mtime = new Date(Number(stdout.trim()) * 1000);
  const files = readdirSync('dist')
    .sort()
    .map((name) => `dist/${name}`);
  await create({ file, gzip: { portable: true }, portable: true, mtime }, files);
}

/** A line for each image; the digest, where this machine has pulled the image from its registry. */
async function listImages(): Promise<string> {
  const lines = Object.entries(images).map(async ([name, image]) => {
    const tagged = taggedName(image);
    if (locallyBuiltImages.some((each) => each === name)) {
      return `# ${tagged}: built from test-app/Dockerfile, in no registry`;
    }
    // Without the image, or without Docker, there is no digest.
    const digest = await localDigest(tagged).catch(() => undefined);
    return digest === undefined ? tagged : `${tagged}@${digest}`;
  });
  return `${(await Promise.all(lines)).join('\n')}\n`;
}

function writeChecksums(): void {
  const lines = readdirSync(outdir)
    .sort()
    .map((name) => {
      const content = readFileSync(join(outdir, name));
      return `${createHash('sha256').update(content).digest('hex')}  ${name}\n`;
    });
  writeFileSync(join(outdir, 'SHA256SUMS'), lines.join(''));
}

requireReleasable();
rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
pack(outdir);
await packManifests();
writeFileSync(join(outdir, `mantis-images-${version}.txt`), await listImages());
writeFileSync(join(outdir, `mantis-sbom-${version}.cdx.json`), sbom('.'));
writeFileSync(join(outdir, `mantis-test-app-sbom-${version}.cdx.json`), sbom('test-app'));
writeChecksums();
for (const name of readdirSync(outdir).sort()) {
  const { length } = readFileSync(join(outdir, name));
  console.log(`${join(outdir, name)}  ${Math.ceil(length / 1024)} KiB`);
}
