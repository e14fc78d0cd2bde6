import { incompatibilityReason, releaseOf } from './versions.ts';

test.each([
  ['prom/prometheus:v3.16.0', [3, 16, 0]],
  ['grafana/loki:3.7.8@sha256:0123', [3, 7, 8]],
  ['registry.example.com:5000/mirror/grafana/tempo:3.0.3', [3, 0, 3]],
  ['grafana/grafana:13.2.3-ubuntu', [13, 2, 3]],
  ['grafana/grafana:latest', undefined],
  ['registry.example.com:5000/tempo', undefined],
])('%s is release %j', (reference, release) => {
  expect(releaseOf(reference)).toEqual(release);
});

test.each([
  ['loki:3.7.8', 'loki:3.7.8'],
  ['loki:3.7.8', 'mirror/loki:3.9.0'],
  ['loki:3.7.8', 'loki:3.7.1'],
  ['loki:main', 'loki:main'],
])('data of %s can be restored to %s', (backup, cluster) => {
  expect(incompatibilityReason(backup, cluster)).toBeUndefined();
});

test.each([
  ['loki:3.7.8', 'loki:3.6.0', /newer than/],
  ['tempo:2.9.0', 'tempo:3.0.3', /another major/],
  ['loki:main', 'loki:3.7.8', /cannot be compared/],
])('data of %s cannot be restored to %s', (backup, cluster, why) => {
  expect(incompatibilityReason(backup, cluster)).toMatch(why);
});
