import { engine } from './engine.ts';

test.each([
  [undefined, 'docker'],
  ['', 'docker'],
  ['docker', 'docker'],
  ['podman', 'podman'],
])('KIND_EXPERIMENTAL_PROVIDER=%s means %s', (KIND_EXPERIMENTAL_PROVIDER, expected) => {
  expect(engine({ KIND_EXPERIMENTAL_PROVIDER })).toBe(expected);
});

test('another engine is an error', () => {
  expect(() => engine({ KIND_EXPERIMENTAL_PROVIDER: 'nerdctl' })).toThrow(
    'KIND_EXPERIMENTAL_PROVIDER must be docker or podman, got "nerdctl"',
  );
});
