import { images, taggedName } from '../../lib/model/images.ts';
import { imageTable, type ListedImage, missingImages } from './images.ts';

const loki: ListedImage = {
  reference: 'grafana/loki:3.7.8',
  release: 'grafana/loki:3.7.8',
  digest: undefined,
  local: { id: 'sha256:1', bytes: 156_884_122 },
  builtHere: false,
  onDemand: false,
};
const tempo = { ...loki, reference: 'grafana/tempo:3.0.3', local: undefined };
const app = { ...tempo, reference: taggedName(images.testApp), builtHere: true };

test('the table has digests, and sizes of local images', () => {
  const pinned = { ...tempo, reference: 'a/b:1@sha256:ff', digest: 'sha256:ff' };
  const lines = imageTable([loki, pinned]).split('\n');
  expect(lines[1]).toMatch(/grafana\/loki:3\.7\.8 +by tag only +156\.9 MB$/);
  expect(lines[2]).toMatch(/a\/b:1 +sha256:ff +not local$/);
});

test('nothing is reported if every image is local', () => {
  expect(missingImages([loki])).toBeUndefined();
});

test('a missing image comes with the command that gets it', () => {
  expect(missingImages([loki, tempo, app])).toBe(
    `not on this machine: grafana/tempo:3.0.3 (docker pull grafana/tempo:3.0.3), ${app.reference} (built by make kind-up)`,
  );
});
