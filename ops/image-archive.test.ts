import { digestIn } from './image-archive.ts';

test('a digest is what a registry gave; an image that was never in one has none', () => {
  const digest = `sha256:${'ab'.repeat(32)}`;
  expect(digestIn(`grafana/loki@${digest} mirror.example.com/loki@${digest}\n`)).toBe(digest);
  expect(digestIn('\n')).toBeUndefined();
});
