import { digestFrom } from './image-digests.ts';

const official = `sha256:${'ab'.repeat(32)}`;
const mirrored = `sha256:${'cd'.repeat(32)}`;
const repoDigests = `grafana/loki@${official} localhost:5001/mirror/grafana/loki@${mirrored}\n`;

test.each([
  ['grafana/loki', repoDigests, official],
  ['localhost:5001/mirror/grafana/loki', repoDigests, mirrored],
  ['mirror.example.com/grafana/loki', repoDigests, undefined],
  // The same names as Podman prints them.
  ['grafana/loki', `docker.io/grafana/loki@${official}`, official],
  ['node', `docker.io/library/node@${official}`, official],
  ['grafana/loki', '\n', undefined],
])('the digest of %s is the one of its repository', (repository, given, expected) => {
  expect(digestFrom(repository, given)).toBe(expected);
});
