/**
 * Writes manifests as a registry makes them possible: each image by its digest, and asked for at
 * each start. The digests are made up, so this is for scripts/scan.sh alone, never for a cluster.
 */
import { synthesize } from '../charts/synth.ts';
import { registryImages } from '../lib/model/images.ts';
import { settingsSchema } from '../lib/schema.ts';

const [outdir] = process.argv.slice(2);
if (outdir === undefined) throw new Error('usage: scripts/pinned.ts DIRECTORY');

const digest = `sha256:${'0'.repeat(64)}`;
const settings = settingsSchema.parse({
  imagePullPolicy: 'Always',
  imageDigests: Object.fromEntries(registryImages.map((release) => [release, digest])),
  testApp: { image: `registry.example.com/shop:1@${digest}` },
  clusterView: { enabled: true },
});
synthesize(settings, outdir);
