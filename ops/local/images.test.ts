import { imageTable, type ListedImage } from './images.ts';

const loki: ListedImage = {
  reference: 'grafana/loki:3.7.8',
  release: 'grafana/loki:3.7.8',
  digest: undefined,
  local: { id: 'sha256:1', bytes: 156_884_122 },
  builtHere: false,
};
const tempo = { ...loki, reference: 'grafana/tempo:3.0.3', local: undefined };

test('the table has digests, and sizes of local images', () => {
  const pinned = { ...tempo, reference: 'a/b:1@sha256:ff', digest: 'sha256:ff' };
  const lines = imageTable([loki, pinned]).split('\n');
  expect(lines[1]).toMatch(/grafana\/loki:3\.7\.8 +by tag only +156\.9 MB$/);
  expect(lines[2]).toMatch(/a\/b:1 +sha256:ff +not local$/);
});
